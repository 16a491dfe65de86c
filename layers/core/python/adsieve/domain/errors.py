"""Every error that adsieve raises on purpose.

AdsieveError
├── InputError            somebody's input is wrong; the message says where and what to do (never retried)
│   ├── InvalidAdError         an ad's JSON does not follow the ad contract
│   ├── InvalidMaterialError   material or policy rows are wrong; carries one problem per cell
│   ├── InvalidMessageError    an event or queue message that no version of this code wrote
│   ├── TransitionError        a material may not make that step of its life; names the guard that stopped it
│   └── UnreadableMediaError   a picture or clip that cannot be inspected; carries the cause for `completeness`
├── ConflictError         somebody else changed the material first: read it again, then decide again
├── DamagedRecordError    the registry holds something that its own digests contradict (never used)
├── PackageError          a package folder is damaged, foreign or from another engine (never retried, never used)
└── UnavailableError           a store or service did not answer; trying again may help
"""

from dataclasses import dataclass


class AdsieveError(Exception):
    """Base of every error raised on purpose.

    What an error is made of is its `args`, so that it can be pickled: a process of a pool hands it on whole.
    """


class InputError(AdsieveError):
    """Input that stays wrong however often it is tried."""


class InvalidAdError(InputError):
    """An ad that does not follow the ad contract.

    Args:
        field: dotted path of the offending field, `ad.json` for the file as a whole.
        problem: what is wrong and what would be right, lower case, no final period.
    """

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(field, problem)
        self.field = field
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.field}: {self.problem}"


class InvalidMessageError(InputError):
    """An event or queue message in no known shape or version."""


class TransitionError(InputError):
    """A step of a material's life that is not allowed now.

    Args:
        material_id: whose step it is.
        guard: stable word for the guard that stopped it, e.g. `four_eyes`; `path` where there is no such step.
        problem: what is wrong, lower case, no final period.
        hint: what to do about it.
    """

    def __init__(self, material_id: str, guard: str, problem: str, hint: str = "") -> None:
        super().__init__(material_id, guard, problem, hint)
        self.material_id = material_id
        self.guard = guard
        self.problem = problem
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.material_id}: {self.problem}" + (f" ({self.hint})" if self.hint else "")


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
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class ConflictError(AdsieveError):
    """A change that rests on a head which is no longer the head. Nothing was written."""

    def __init__(self, material_id: str) -> None:
        super().__init__(material_id)
        self.material_id = material_id

    def __str__(self) -> str:
        return f"{self.material_id}: was changed by somebody else meanwhile, look at it again and repeat"


class DamagedRecordError(AdsieveError):
    """A stored record that does not read as it was written.

    Args:
        record: its place in the store.
        problem: what does not agree.
    """

    def __init__(self, record: str, problem: str) -> None:
        super().__init__(record, problem)
        self.record = record
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.record}: {self.problem}"


class PackageError(AdsieveError):
    """A package that must not be used.

    Args:
        reason: stable word for metrics and tests, e.g. `digest_mismatch`.
        detail: the file and the facts.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(reason, detail)
        self.reason = reason
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}"


class UnavailableError(AdsieveError):
    """A store or service that did not answer as it should; the caller may try again."""
