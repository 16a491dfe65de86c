"""Parquet through DuckDB: one library for the archive here and for the reports' SQL, a third of the size of Arrow's."""

import json
import tempfile
from base64 import b64encode
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adsieve.domain.errors import InputError
from adsieve.service.rescan.evidence import VERSION, Evidence

if TYPE_CHECKING:
    import duckdb

_TYPES = {"markets": "VARCHAR[]", "disguises": "VARCHAR[]"} | dict.fromkeys(("pictures", "frames", "looks"), "INTEGER")
_COLUMNS = {name: _TYPES.get(name, "VARCHAR") for name in Evidence._fields}
_HEAVY = {"hashes": "''::BLOB", "fingerprint": "''"}
"""What is read only where it is needed, and what stands for it."""

_LARGEST_ROW = 1 << 26
"""Bytes of a row as JSON: a fingerprint of many pictures has a few millions."""

_GROUP = 2_048
"""Rows that are compressed together: fetching one fingerprint reads no more than those of its group. That of a picture
has a hundred kilobytes."""


class DuckTables:
    """See `Tables`."""

    def encode(self, rows: Iterable[Evidence]) -> bytes:
        """See `Tables.encode`."""
        with tempfile.TemporaryDirectory() as folder, _connection() as connection:
            lines = Path(folder, "rows.jsonl")
            with lines.open("w", encoding="utf-8") as opened:
                for row in rows:
                    told = row._asdict() | {"hashes": b64encode(row.hashes).decode()}  # JSON has no bytes
                    opened.write(json.dumps(told, ensure_ascii=False) + "\n")
            read = connection.read_json(
                str(lines), format="newline_delimited", columns=_COLUMNS, maximum_object_size=_LARGEST_ROW
            )
            read.create_view("lines")
            return _partition(
                connection, "SELECT * REPLACE (from_base64(hashes) AS hashes) FROM lines ORDER BY ad_id, modified"
            )

    def copy(self, picked: Sequence[tuple[Path, Collection[int]]]) -> bytes:
        """See `Tables.copy`."""
        with _connection() as connection:
            connection.execute("CREATE TABLE picked (filename VARCHAR, file_row_number BIGINT)")
            for path, positions in picked:
                connection.execute("INSERT INTO picked SELECT ?, unnest(?::BIGINT[])", [str(path), list(positions)])
            paths = [str(path) for path, _ in picked]
            connection.read_parquet(paths, filename=True, file_row_number=True).create_view("stored")
            return _partition(
                connection,
                "SELECT * EXCLUDE (filename, file_row_number) FROM stored SEMI JOIN picked USING (filename, file_row_number)",
            )

    def rows(self, path: Path, *, whole: bool = False) -> list[Evidence]:
        """See `Tables.rows`."""
        columns = ", ".join(name if whole else _HEAVY.get(name, name) for name in _COLUMNS)
        with _connection() as connection:
            found = connection.execute(f"SELECT {columns} FROM read_parquet(?)", [str(path)])  # noqa: S608 - our own names
            return list(map(Evidence._make, found.fetchall()))

    def hashes(self, path: Path, positions: Collection[int]) -> dict[int, bytes]:
        """See `Tables.hashes`."""
        return _values(path, "hashes", positions)

    def fingerprints(self, path: Path, positions: Collection[int] | None = None) -> dict[int, str]:
        """See `Tables.fingerprints`."""
        return _values(path, "fingerprint", positions)

    def encode_inventory(self, source: Path) -> tuple[bytes, int]:
        """See `Tables.encode_inventory`.

        Raises:
            InputError: the file cannot be read as a table with these columns.
        """
        import duckdb

        readers = {".csv": "read_csv", ".jsonl": "read_json", ".parquet": "read_parquet"}
        if source.suffix not in readers:
            raise InputError(f"{source}: want a .csv, .jsonl or .parquet file with `ad_id` and `exposure`")
        with tempfile.TemporaryDirectory() as folder, _connection() as connection:
            out = Path(folder, "inventory.parquet")
            try:
                connection.execute(
                    f"CREATE TABLE inventory AS SELECT ad_id::VARCHAR AS ad_id, max(exposure)::BIGINT AS exposure"  # noqa: S608 - our own names
                    f" FROM {readers[source.suffix]}(?) GROUP BY 1 ORDER BY 1",
                    [str(source)],
                )
            except duckdb.Error as error:
                raise InputError(f"{source}: {str(error).splitlines()[0]}") from None
            connection.execute(f"COPY inventory TO '{out}' (FORMAT parquet, COMPRESSION zstd)")
            counted = connection.execute("SELECT count(*) FROM inventory").fetchone()
            return out.read_bytes(), counted[0] if counted else 0

    def exposure(self, path: Path, ads: Sequence[str]) -> dict[str, int]:
        """See `Tables.exposure`."""
        with _connection() as connection:
            found = connection.execute(
                "SELECT ad_id, exposure FROM read_parquet(?) WHERE ad_id IN (SELECT unnest(?::VARCHAR[]))",
                [str(path), list(ads)],
            )
            return dict(found.fetchall())


def _partition(connection: "duckdb.DuckDBPyConnection", query: str) -> bytes:
    """The rows that a query gives, as a partition."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "rows.parquet")
        connection.execute(f"SET temp_directory = '{folder}'")  # where a sort goes that memory is too small for
        connection.execute(
            f"COPY ({query}) TO '{out}'"
            f" (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {_GROUP}, KV_METADATA {{version: '{VERSION}'}})"
        )
        return out.read_bytes()


def _values(path: Path, column: str, positions: Collection[int] | None) -> dict[int, Any]:
    named = "" if positions is None else "WHERE file_row_number IN (SELECT unnest(?::BIGINT[]))"
    with _connection() as connection:
        found = connection.execute(
            f"SELECT file_row_number, {column} FROM read_parquet(?, file_row_number=true) {named}",  # noqa: S608 - our own names
            [str(path), *([] if positions is None else [list(positions)])],
        )
        return dict(found.fetchall())


@contextmanager
def _connection() -> "Iterator[duckdb.DuckDBPyConnection]":
    """One thread, so that rows keep their order and as many partitions as there are cores are read at once."""
    import duckdb

    with duckdb.connect(config={"threads": 1, "memory_limit": "512MB"}) as connection:
        yield connection
