"""Write `data/generated/`: `python -m tests.perf.evaluation.generate`. Same code, same vocabulary, same bytes."""

from tests.perf.evaluation.generate.build import generated_files
from tests.perf.evaluation.vocabulary import DATA


def main() -> None:
    """Write one file a language."""
    folder = DATA / "generated"
    folder.mkdir(exist_ok=True)
    for name, content in generated_files().items():
        (folder / name).write_text(content, "utf-8")
        print(f"{name}: {content.count('\n')} cases")


if __name__ == "__main__":
    main()
