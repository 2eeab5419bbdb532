"""What a sanction is: one punishment that a part of an article provides, with its bounds.

Amounts are whole numbers in the unit that the law uses; None where the law states no bound on that side.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SanctionKind(StrEnum):
    """Kinds of punishment of the criminal and the administrative code."""

    WARNING = "warning"
    FINE = "fine"
    CORRECTIONAL_LABOUR = "correctional_labour"
    COMMUNITY_SERVICE = "community_service"
    RESTRICTION = "restriction"
    ARREST = "arrest"
    IMPRISONMENT = "imprisonment"
    LIFE_IMPRISONMENT = "life_imprisonment"
    DEATH_PENALTY = "death_penalty"
    CONFISCATION = "confiscation"
    DEPRIVATION_OF_RIGHT = "deprivation_of_right"
    DEPRIVATION_OF_RANK = "deprivation_of_rank"
    DEPRIVATION_OF_CITIZENSHIP = "deprivation_of_citizenship"
    DEPORTATION = "deportation"
    SUSPENSION = "suspension"  # of a licence or of activity
    REVOCATION = "revocation"  # of a licence or permit
    PROHIBITION = "prohibition"  # of activity
    DEMOLITION = "demolition"


class Role(StrEnum):
    """alternative: one of the punishments to choose from; additional: goes with it; optional: may go with it."""

    ALTERNATIVE = "alternative"
    ADDITIONAL = "additional"
    OPTIONAL = "optional"


class AmountUnit(StrEnum):
    MCI = "mci"  # monthly calculation index: МРП, АЕК
    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    LIFE = "life"
    PERCENT = "percent"
    MULTIPLE = "multiple"  # of a sum or of property, see `base`


class Subject(StrEnum):
    """Who is punished, where the administrative code tells them apart."""

    NATURAL_PERSON = "natural_person"
    OFFICIAL = "official"
    SOLE_TRADER = "sole_trader"
    SMALL_BUSINESS = "small_business"
    MEDIUM_BUSINESS = "medium_business"
    LARGE_BUSINESS = "large_business"
    NON_PROFIT = "non_profit"
    LEGAL_ENTITY = "legal_entity"
    PRIVATE_PRACTITIONER = "private_practitioner"  # notaries, bailiffs, advocates
    FOREIGNER = "foreigner"
    PARENT = "parent"
    DRIVER = "driver"
    FOREIGN_BRANCH = "foreign_branch"  # branches of foreign banks and insurers


@dataclass(frozen=True, slots=True)
class Sanction:
    """One punishment.

    part: eid of the part within the article (`part_1`), None for an article without parts.
    case: eid of the point whose case it concerns («а в случаях, предусмотренных пунктом 2)»), None for the part itself.
    base: what a multiple or a percentage is of, as printed. line: eid of the line; start, end: offsets in its text.
    """

    part: str | None
    kind: SanctionKind
    role: Role
    minimum: int | None = None
    maximum: int | None = None
    unit: AmountUnit | None = None
    case: str | None = None
    subject: Subject | None = None
    base: str | None = None
    line: str = ""
    start: int = 0
    end: int = 0

    @property
    def facts(self) -> tuple[str | int | None, ...]:
        """What does not depend on language or place in the text: for comparing languages and versions."""
        return (
            self.part,
            self.case,
            self.subject,
            self.kind,
            self.role,
            self.minimum,
            self.maximum,
            self.unit,
        )


@dataclass(frozen=True, slots=True)
class UnreadSanction:
    """Part of a sanction that could not be read, with the reason: listed, never guessed."""

    part: str | None
    line: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class SanctionReading:
    """All sanctions of one article version, in text order, and what could not be read."""

    sanctions: tuple[Sanction, ...] = ()
    unread: tuple[UnreadSanction, ...] = ()

    def of_part(self, part: str | None) -> SanctionReading:
        return SanctionReading(
            tuple(sanction for sanction in self.sanctions if sanction.part == part),
            tuple(unread for unread in self.unread if unread.part == part),
        )

    @property
    def parts(self) -> tuple[str | None, ...]:
        """Parts that have a sanction or an unread one, in text order."""
        return tuple(dict.fromkeys([*(one.part for one in self.sanctions), *(one.part for one in self.unread)]))
