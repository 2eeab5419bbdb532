"""Words of punishments, subjects and cases in both languages, matched on folded text."""

from __future__ import annotations

import re

from lawdiff.model import Lang
from lawdiff.sanctions.records import SanctionKind, Subject

VERB = {
    Lang.RU: re.compile(r"(?:-\s*)?\b(?P<verb>наказыва(?:ется|ются)|кара(?:ется|ются)|влечет|влекут)\b"),
    Lang.KK: re.compile(r"\b(?P<verb>жазалан(?:ады|ды)|әкеп\s+соғады|әкеп\s+соқтырады|алып\s+келеді|әкеледі)\b"),
}

# Every verb begins with one of these: a line without them is not searched.
VERB_STEMS = {
    Lang.RU: ("наказыва", "кара", "влеч", "влек"),
    Lang.KK: ("жазалан", "соғады", "соқтырады", "келеді", "әкеледі"),
}

# Where two match at one place the longer wins, so that «пожизненным лишением свободы» is not imprisonment for a term.
PUNISHMENTS: dict[Lang, tuple[tuple[SanctionKind, re.Pattern[str]], ...]] = {
    Lang.RU: (
        (SanctionKind.FINE, re.compile(r"\bштраф\w*")),
        (SanctionKind.CORRECTIONAL_LABOUR, re.compile(r"\bисправительн\w+\s+работ\w+")),
        (SanctionKind.COMMUNITY_SERVICE, re.compile(r"\b(?:привлечени\w+\s+к\s+)?общественн\w+\s+работ\w+")),
        (SanctionKind.RESTRICTION, re.compile(r"\bограничени\w+\s+свободы")),
        (SanctionKind.LIFE_IMPRISONMENT, re.compile(r"\bпожизненн\w+\s+лишени\w+\s+свободы")),
        (SanctionKind.IMPRISONMENT, re.compile(r"\bлишени\w+\s+свободы")),
        (SanctionKind.ARREST, re.compile(r"\b(?:административн\w+\s+)?арест\w*")),
        (SanctionKind.DEATH_PENALTY, re.compile(r"\bсмертн\w+\s+казн\w+")),
        (SanctionKind.CONFISCATION, re.compile(r"\bконфискаци\w+")),
        (
            SanctionKind.DEPRIVATION_OF_RIGHT,
            re.compile(r"\b(?:пожизненн\w+\s+)?лишени\w+\s+(?:специальн\w+\s+)?права"),
        ),
        (SanctionKind.DEPRIVATION_OF_RANK, re.compile(r"\bлишени\w+\s+[^.;]{0,80}?званий?\w*")),
        (SanctionKind.DEPRIVATION_OF_CITIZENSHIP, re.compile(r"\bлишени\w+\s+гражданства")),
        (
            SanctionKind.REVOCATION,
            re.compile(
                r"\bлишени\w+\s+(?:лицензи\w+|разрешени\w+|аккредитаци\w+|квалификац\w+|сертификат\w*|свидетельств\w+)"
            ),
        ),
        (SanctionKind.DEPORTATION, re.compile(r"\b(?:административн\w+\s+)?выдворени\w+")),
        (SanctionKind.WARNING, re.compile(r"\bпредупреждени\w+")),
        (SanctionKind.SUSPENSION, re.compile(r"\bприостановлени\w+")),
        (SanctionKind.PROHIBITION, re.compile(r"\bзапрещени\w+\s+(?:ее|его|их|деятельност\w+|отдельн\w+)?")),
        (SanctionKind.DEMOLITION, re.compile(r"\bпринудительн\w+\s+снос\w*")),
    ),
    Lang.KK: (
        (SanctionKind.FINE, re.compile(r"\bайыппұл(?:\s+сал\w+|\w*)")),
        (SanctionKind.CORRECTIONAL_LABOUR, re.compile(r"\bтүзеу\s+жұмыстар\w+(?:\s+тарт\w+)?")),
        (SanctionKind.COMMUNITY_SERVICE, re.compile(r"\bқоғамдық\s+жұмыстар\w+(?:\s+тарт\w+)?")),
        (SanctionKind.RESTRICTION, re.compile(r"\bбас\s+бостандығын\s+шекте\w+")),
        (SanctionKind.LIFE_IMPRISONMENT, re.compile(r"\bөмір\s+бойына?\s+бас\s+бостандығынан\s+айыр\w+(?:\s+отырып)?")),
        (SanctionKind.IMPRISONMENT, re.compile(r"\bбас\s+бостандығынан\s+айыр\w+(?:\s+отырып)?")),
        (SanctionKind.ARREST, re.compile(r"\b(?:әкімшілік\s+)?қамаққа\s+ал\w+")),
        (SanctionKind.DEATH_PENALTY, re.compile(r"\bөлім\s+жазасын\w*(?:\s+тарт\w+)?")),
        (SanctionKind.CONFISCATION, re.compile(r"\bтәркіле\w+(?:\s+отырып)?")),
        (
            SanctionKind.DEPRIVATION_OF_RIGHT,
            re.compile(r"\b(?:құқығынан|құқықтан)\b[^.;]{0,80}?\bайыр\w+(?:\s+отырып)?"),
        ),
        (SanctionKind.DEPRIVATION_OF_CITIZENSHIP, re.compile(r"\bазаматтығынан\s+айыр\w+(?:\s+отырып)?")),
        (SanctionKind.DEPRIVATION_OF_RANK, re.compile(r"\bатағынан\b[^.;]{0,60}?\bайыр\w+(?:\s+отырып)?")),
        (
            SanctionKind.REVOCATION,
            re.compile(
                r"\b(?:лицензиядан|лицензиясынан|рұқсаттан|рұқсатынан|сертификаттан|сертификатынан|куәліктен|куәлігінен)\b"
                r"[^.;]{0,60}?\bайыр\w+(?:\s+отырып)?"
            ),
        ),
        (SanctionKind.DEPORTATION, re.compile(r"\bшығарып\s+жібер\w+(?:\s+отырып)?")),
        (SanctionKind.WARNING, re.compile(r"\bескерту(?:\s+жаса\w+|ге|\b)")),
        (SanctionKind.SUSPENSION, re.compile(r"\bтоқтата\s+тұр\w+(?:\s+отырып)?")),
        (SanctionKind.PROHIBITION, re.compile(r"\bтыйым\s+сал\w+(?:\s+отырып)?")),
        (SanctionKind.DEMOLITION, re.compile(r"\bмәжбүрлеп\s+бұз\w+")),
    ),
}

SAME_AMOUNT = {Lang.RU: re.compile(r"\bв\s+том\s+же\s+размере"), Lang.KK: re.compile(r"\b(?:дәл\s+)?сол\s+мөлшерде\w*")}
SAME_TERM = {
    Lang.RU: re.compile(r"\bна\s+(?:тот\s+же|такой\s+же)\s+срок"),
    Lang.KK: re.compile(r"\b(?:дәл\s+)?сол\s+мерзімге"),
}
FOR_LIFE = {Lang.RU: re.compile(r"\bпожизненн\w+"), Lang.KK: re.compile(r"\bөмір\s+бойына?")}
OPTIONAL = {
    Lang.RU: re.compile(r"\b(?:или|либо)\s+без\s+(?:таков\w+|нее|него|них|этого)"),
    Lang.KK: re.compile(r"\s*(?:немесе|не)\s+(?:онсыз|оларсыз|мұнсыз|бұларсыз)"),
}
CASE = {
    Lang.RU: re.compile(
        r"[,;]?\s*\bа\s+в\s+случа(?:ях|е),?\s+предусмотренн\w+\s+(?P<where>[^,]+),\s*(?:-\s*)?(?:и\s+)?"
    ),
    Lang.KK: re.compile(r"[,;]?\s*\bал\s+(?P<where>[^,]{1,120}?)\s+көзделген\s+жағдайл?ар?да,?\s*"),
}
SUBJECTS: dict[Lang, tuple[tuple[Subject, re.Pattern[str]], ...]] = {
    Lang.RU: (
        (Subject.NATURAL_PERSON, re.compile(r"физическ\w+\s+лиц\w*")),
        (Subject.OFFICIAL, re.compile(r"должностн\w+\s+лиц\w*")),
        (Subject.SOLE_TRADER, re.compile(r"индивидуальн\w+\s+предпринимател\w+")),
        (Subject.SMALL_BUSINESS, re.compile(r"субъект\w+\s+малого(?:\s+предпринимательства)?")),
        (
            Subject.MEDIUM_BUSINESS,
            re.compile(r"(?:субъект\w+\s+|(?<=, )|(?<= и )|(?<=или ))среднего(?:\s+предпринимательства)?"),
        ),
        (
            Subject.LARGE_BUSINESS,
            re.compile(r"(?:субъект\w+\s+|(?<=, )|(?<= и )|(?<=или ))крупного(?:\s+предпринимательства)?"),
        ),
        (Subject.NON_PROFIT, re.compile(r"некоммерческ\w+\s+организаци\w+")),
        (Subject.LEGAL_ENTITY, re.compile(r"юридическ\w+\s+лиц\w*(?!-нерезидент)")),
        (
            Subject.PRIVATE_PRACTITIONER,
            re.compile(r"частн\w+\s+нотариус\w*|частн\w+\s+судебн\w+\s+исполнител\w+|адвокат\w*"),
        ),
        (Subject.FOREIGNER, re.compile(r"иностранц\w*|лиц\w*\s+без\s+гражданства")),
        (
            Subject.PARENT,
            re.compile(r"родител\w+(?:\s+или\s+(?:иных\s+)?лиц\w*,?\s+их\s+заменяющих)?|законн\w+\s+представител\w+"),
        ),
        (Subject.DRIVER, re.compile(r"водител\w+")),
        (
            Subject.FOREIGN_BRANCH,
            re.compile(r"филиал\w*\s+(?:банк|страхов)[^,]*?нерезидентов(?:\s+республики\s+казахстан)?"),
        ),
    ),
    Lang.KK: (
        (Subject.NATURAL_PERSON, re.compile(r"жеке\s+тұлға\w*")),
        (Subject.OFFICIAL, re.compile(r"лауазымды\s+(?:адам|тұлға)\w*")),
        (Subject.SOLE_TRADER, re.compile(r"дара\s+кәсіпкер\w*")),
        (
            Subject.SMALL_BUSINESS,
            re.compile(r"шағын(?:\s+кәсіпкерлік\s+суб[ъь]ектілер\w*|(?=,?\s+(?:(?:немесе|және)\s+)?(?:орта|ірі)\s))"),
        ),
        (
            Subject.MEDIUM_BUSINESS,
            re.compile(r"орта(?:\s+кәсіпкерлік\s+суб[ъь]ектілер\w*|(?=,?\s+(?:немесе|және)\s+ірі\s))"),
        ),
        (Subject.LARGE_BUSINESS, re.compile(r"ірі\s+кәсіпкерлік\s+суб[ъь]ектілер\w*")),
        (Subject.NON_PROFIT, re.compile(r"коммерциялық\s+емес\s+ұйым\w*")),
        (Subject.LEGAL_ENTITY, re.compile(r"(?<!резидент емес )(?<!резидент емес - )заңды\s+тұлға\w*")),
        (
            Subject.PRIVATE_PRACTITIONER,
            re.compile(r"жекеше\s+нотариус\w*|жеке\s+нотариус\w*|жеке\s+сот\s+орындаушы\w*|адвокат\w*"),
        ),
        (Subject.FOREIGNER, re.compile(r"шетелдік\w*|азаматтығы\s+жоқ\s+адам\w*")),
        (
            Subject.PARENT,
            re.compile(r"ата-ана\w*(?:\s+немесе\s+(?:ол|о)\w*\s+алмастыратын\s+(?:адам|тұлға)\w*)?|заңды\s+өкіл\w*"),
        ),
        (Subject.DRIVER, re.compile(r"жүргізуші\w*")),
        (
            Subject.FOREIGN_BRANCH,
            re.compile(r"(?:қазақстан\s+республикасы\s+)?бейрезидент-[^,]*?филиалдар\w*"),
        ),
    ),
}
# A second sentence about a case of its own: «…, а занятие деятельностью без лицензии дополнительно влечет …».
BESIDES = {
    Lang.RU: re.compile(r"[,;]\s*а\s+[^;]*?\bдополнительно\s+(?:влечет|влекут)\b"),
    Lang.KK: re.compile(r"(?<=соғады|келеді),\s*ал\b[^;]*?\bқосымша\b"),
}
# Those among a subject whom the law names beside it («в том числе на юридических лиц-нерезидентов, …») pay as it does.
INCLUDED = {
    Lang.RU: re.compile(r",?\s*в\s+том\s+числе\s+на\s+.*?(?=,?\s*-?\s*в\s+размере|$)"),
    Lang.KK: re.compile(r",?\s*оның\s+ішінде\s+.*?тұлғаларға"),
}
# What may stand between subjects and their amounts and says nothing of its own.
BETWEEN_SUBJECTS = {
    Lang.RU: re.compile(r"\b(?:штраф\w*|на|в|размере|размеров|или|либо|и|до|от|суммы)\b|[^\w]+"),
    Lang.KK: re.compile(r"\b(?:немесе|не|және|мөлшер\w*)\b|[^\w]+"),
}
