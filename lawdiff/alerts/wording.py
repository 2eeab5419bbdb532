"""The words of messages in the reader's language: Russian, Kazakh, English. One table, looked up by `word(lang, key)`.

Labels are nouns or short sentences that need no agreement with the unit («изменение», not «изменена»), so that they
hold for articles, points, annexes and headings alike.
"""

from __future__ import annotations

from datetime import date

from lawdiff.alerts.facts import Phase

WORDS: dict[str, tuple[str, str, str]] = {  # key: Russian, Kazakh, English
    # what happened
    "op.added": ("введение", "жаңадан енгізу", "added"),
    "op.amended": ("изменение", "өзгеріс", "amended"),
    "op.excluded": ("исключение", "алып тастау", "excluded"),
    "op.restored": ("восстановление", "қалпына келтіру", "restored"),
    "op.renumbered": ("перенумерация", "нөмірін өзгерту", "renumbered"),
    "op.deferred": ("отсрочка действия", "қолданысын кейінге қалдыру", "deferred"),
    "op.took_effect": ("вступление в силу", "қолданысқа енуі", "took effect"),
    "op.note_only": ("правка сноски", "ескертпенің түзетілуі", "note edited"),
    "op.typographic": ("правка оформления", "безендіруінің түзетілуі", "typography edited"),
    "op.silent_edit": ("правка без нового закона", "жаңа заңсыз түзету", "silent edit"),
    "op.future": ("предстоящее изменение", "алдағы өзгеріс", "change announced"),
    "op.suspended": ("приостановление действия", "қолданысын тоқтата тұру", "suspended"),
    "op.source_trouble": ("не удаётся проверить", "тексеру мүмкін болмады", "could not be checked"),
    "op.source_recovered": ("снова проверяется", "қайтадан тексерілуде", "checked again"),
    # when a reader is told
    "phase.announced": ("объявлено", "жарияланды", "announced"),
    "phase.adopted": ("текст изменён на портале", "порталда мәтін өзгерді", "text changed on the portal"),
    "phase.T-30": ("до вступления в силу не более 30 дней", "күшіне енуіне 30 күннен аспайды", "30 days or less to go"),
    "phase.T-7": ("до вступления в силу не более 7 дней", "күшіне енуіне 7 күннен аспайды", "7 days or less to go"),
    "phase.in_force": ("вступило в силу", "күшіне енді", "in force"),
    "phase.rescheduled": ("срок вступления в силу изменён", "күшіне ену мерзімі өзгерді", "date of effect moved"),
    "phase.silent_edit": ("правка под прежней датой", "бұрынғы күнмен түзетілді", "edited under an unchanged date"),
    "phase.disputed": ("сноска и текст расходятся", "ескертпе мен мәтін қайшы", "note and text disagree"),
    "phase.source_trouble": ("источник недоступен", "дереккөз қолжетімсіз", "source trouble"),
    "phase.source_recovered": ("источник снова доступен", "дереккөз қайта қолжетімді", "source recovered"),
    # lines of an item
    "law": ("Закон", "Заң", "Law"),
    "law.unknown": ("закон в источнике не назван", "дереккөзде заң аталмаған", "the source names no law"),
    "law.of": ("Закон РК от {day} № {number}", "ҚР {day} № {number} Заңы", "Law of {day} No. {number}"),
    "redaction": ("Редакция портала", "Порталдағы редакция", "Redaction of the portal"),
    "noted": ("Сноска появилась в редакции", "Ескертпе пайда болған редакция", "Note first in redaction"),
    "force": ("Вступление в силу", "Күшіне енуі", "In force from"),
    "force.unknown": ("дата в источнике не названа", "дереккөзде күні көрсетілмеген", "date not stated by the source"),
    "words": ("Слов: +{added} −{removed}", "Сөздер: +{added} −{removed}", "Words: +{added} −{removed}"),
    "what": ("Что изменилось", "Не өзгерді", "What changed"),
    "compare": ("Сравнение", "Салыстыру", "Compare"),
    "official": ("Официальный текст", "Ресми мәтін", "Official text"),
    "text.ru": ("русский текст", "орысша мәтін", "Russian text"),
    "text.kk": ("казахский текст", "қазақша мәтін", "Kazakh text"),
    "more": ("и ещё {n}", "тағы {n}", "and {n} more"),
    "full": ("Полностью по ссылке.", "Толығы сілтеме бойынша.", "In full behind the link."),
    "listed": (
        "Ещё {n} — без текста правок, по ссылкам:", "Тағы {n} — түзету мәтінінсіз, сілтемелер бойынша:",
        "{n} more, without their redlines, behind the links:",
    ),
    "changes": ("изменений: {n}", "өзгерістер: {n}", "{n} changes"),
    "part": ("часть {n} из {of}", "{of} бөліктің {n}-бөлігі", "part {n} of {of}"),
    "will_day": ("вступает в силу {day}", "{day} күшіне енеді", "takes effect on {day}"),
    "from_day": ("действует с {day}", "{day} бастап күшінде", "in force from {day}"),
    "from_several": (
        "вступление в силу {day} и в другие дни", "{day} және басқа күндері күшіне енеді",
        "in force from {day} and other days",
    ),
    "days_left": ("через {n} дн.", "{n} күннен кейін", "in {n} days"),
    "unchecked": (
        "Не проверено {n} дн. (с {day}); последний ответ: {detail}",
        "{n} күн тексерілмеді ({day} бастап); соңғы жауап: {detail}",
        "Not checked for {n} days (since {day}); last answer: {detail}",
    ),
    "checked": (
        "Проверено {day}; не удавалось проверить с {since}", "{day} тексерілді; {since} бастап тексерілмеген еді",
        "Checked on {day}; could not be checked since {since}",
    ),
    "remark.flip_flop": (
        "Текст вернулся к прежней редакции: портал показывает то одну, то другую. "
        "Дальнейшие возвраты не рассылаются.",
        "Мәтін бұрынғы күйіне қайтты: портал бірде бірін, бірде екіншісін көрсетеді. "
        "Одан әрі қайталанулар жіберілмейді.",
        "The text went back to an earlier wording: the portal shows now one, now the other. "
        "Further returns are not sent.",
    ),
    "remark.damped": (
        "Не разослано повторных возвратов текста: {value}.", "Жіберілмеген қайталама өзгерістер: {value}.",
        "Returns of the text that were not sent: {value}.",
    ),
    "remark.formerly": ("Прежний номер: {value}", "Бұрынғы нөмірі: {value}", "Formerly: {value}"),
    "remark.moved": ("Перемещено из: {value}", "Мына жерден ауыстырылды: {value}", "Moved from: {value}"),
    "remark.disputed": ("Расхождение: {value}", "Қайшылық: {value}", "Disagreement: {value}"),
    "remark.announced": ("Сноска: {value}", "Ескертпе: {value}", "Note: {value}"),
    "remark.unattributed": (
        "Сноски об этом изменении нет: закон не назван.", "Бұл өзгеріс туралы ескертпе жоқ: заң аталмаған.",
        "No note speaks of this change: no law is named.",
    ),
    "footer": (
        "Неофициальное сообщение системы lawdiff по правилу «{rule}». Юридическую силу имеет только официальный текст.",
        "lawdiff жүйесінің «{rule}» ережесі бойынша бейресми хабары. Заңды күші тек ресми мәтінде.",
        "Unofficial message of lawdiff under the rule “{rule}”. Only the official text has legal force.",
    ),
    "test.subject": ("Проверка канала «{channel}»", "«{channel}» арнасын тексеру", "Test of channel “{channel}”"),
    "test.body": (
        "Это проверочное сообщение: канал работает.", "Бұл тексеру хабары: арна жұмыс істейді.",
        "This is a test message: the channel works.",
    ),
}  # fmt: skip
_COLUMN = {"ru": 0, "kk": 1, "en": 2}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def word(lang: str, key: str, **values: object) -> str:
    """The words under `key` in `lang`, with `values` put in. Raises KeyError for an unknown key."""
    text = WORDS[key][_COLUMN[lang]]
    return text.format(**values) if values else text


def phase_words(lang: str, phase: Phase) -> str:
    return word(lang, f"phase.{phase}")


def day_words(lang: str, day: date) -> str:
    """16.09.2025 in Russian and Kazakh, 16 September 2025 in English."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if lang == "en" else day.strftime("%d.%m.%Y")


def unit_words(lang: str, kind: str, number: str | None, heading: str) -> str:
    """«ст. 115-1», «115-1-бап», “art. 115-1”; a unit without number is called by its heading."""
    if kind == "article" and number:
        return {"ru": f"ст. {number}", "kk": f"{number}-бап", "en": f"art. {number}"}[lang]
    if kind == "point" and number:
        return {"ru": f"п. {number}", "kk": f"{number}-тармақ", "en": f"point {number}"}[lang]
    if kind == "annex":
        return {"ru": f"приложение {number or ''}", "kk": f"{number or ''} қосымша", "en": f"annex {number or ''}"}[
            lang
        ].strip()
    if kind == "preamble":
        return {"ru": "преамбула", "kk": "кіріспе", "en": "preamble"}[lang]
    if kind == "act" or not heading:
        return {"ru": "весь акт", "kk": "бүкіл акт", "en": "the whole act"}[lang]
    return heading if len(heading) <= 60 else heading[:59].rstrip() + "…"
