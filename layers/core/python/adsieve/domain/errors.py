"""Every error that adsieve raises on purpose.

AdsieveError
├── InputError            somebody's input is wrong; the message says where and what to do (never retried)
│   ├── InvalidAdError         an ad's JSON does not follow the ad contract
│   ├── InvalidMaterialError   material or policy rows are wrong; carries one problem per cell
│   ├── InvalidMessageError    an event or queue message that no version of this code wrote
│   └── UnreadableMediaError   a picture or clip that cannot be inspected; carries the cause for `completeness`
├── PackageError          a package folder is damaged, foreign or from another engine (never retried, never used)
└── UnavailableError           a store or service did not answer; trying again may help
"""

from dataclasses import dataclass


class AdsieveError(Exception):
    """Base of every error raised on purpose."""


class InputError(AdsieveError):
    """Input that stays wrong however often it is tried."""


class InvalidAdError(InputError):
    """An ad that does not follow the ad contract.

    Args:
        field: dotted path of the offending field, `ad.json` for the file as a whole.
        problem: what is wrong and what would be right, lower case, no final period.
    """

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field = field
        self.problem = problem


class InvalidMessageError(InputError):
    """An event or queue message in no known shape or version."""


class UnreadableMediaError(InputError):
    """A picture or clip that cannot be inspected: never taken for clean.

    Args:
        cause: why, for a reviewer, lower case, no final period, e.g. `is 400 megapixels, at most 50 are read`.
    """

    def __init__(self, cause: str) -> None:
        super().__init__(cause)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong (or doubtful) in a source file, worded for the person who wrote the row.

    Attributes:
        source: `file:line`, or `file!Sheet:row` for a workbook.
        column: the column's name, or empty when the whole row is meant.
        message: what is wrong, lower case, no final period.
        hint: what to do about it.
        severity: `error` refuses the file, `warning` is only shown.
    """

    source: str
    column: str
    message: str
    hint: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        where = f"{self.source}: `{self.column}`" if self.column else self.source
        return f"{where}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class InvalidMaterialError(InputError):
    """Material or policy rows that cannot be used; nothing of the file was applied.

    Args:
        problems: every problem found, in file order; at least one.
    """

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class PackageError(AdsieveError):
    """A package that must not be used.

    Args:
        reason: stable word for metrics and tests, e.g. `digest_mismatch`.
        detail: the file and the facts.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class UnavailableError(AdsieveError):
    """A store or service that did not answer as it should; the caller may try again."""
