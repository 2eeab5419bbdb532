"""What the bundle says to people, in Russian, Kazakh and English: README.txt and the words of index.html."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lawdiff.archive.records import iso
from lawdiff.evidence.names import example_names
from lawdiff.model import Lang

if TYPE_CHECKING:
    from lawdiff.evidence.case import Case

TITLES = {"ru": "Русский", "kk": "Қазақша", "en": "English"}

_README = {
    "ru": """\
ЧТО ЭТО

«{heading}» ({article})
акт {act}: {title}{period}

Тексты на русском и казахском языках, изменения между ними и страницы официального портала, с которых эти тексты взяты,
в том виде, в котором их прислал сервер. Это неофициальная копия: юридическую силу имеет только официальный источник.

ЧТО ЗДЕСЬ ЛЕЖИТ

  index.html       тексты, изменения по словам и список страниц: для чтения
  texts/           текст каждой редакции статьи без заголовка; изменения: redline/
  pages/           страницы портала, байт в байт; номер в имени: номер записи журнала
  records/         те же страницы вместе с запросом, заголовками ответа и отпечатком сертификата TLS (WARC 1.1, gzip)
  journal/         записи журнала архива об этих страницах; корни запусков (closes.jsonl); пути к корням (paths.json)
  evidence.json    перечень всего этого для программ
  check.py         короткая проверка без нашей программы (Python 3.8+, только стандартная библиотека): прочтите её
  SHA256SUMS       контрольные суммы всех файлов

КАК ПРОВЕРИТЬ БЕЗ НАШЕЙ ПРОГРАММЫ

1. Файлы папки целы:             sha256sum -c SHA256SUMS
2. Страница та же, что в журнале: sha256sum {page}
   сумма равна "sha256" в записи {seq} файла journal/entries.jsonl; сумма {record} равна "warc_sha256".
3. Запрос, заголовки, сертификат: zcat {record} | less
4. Запись журнала не изменена: её "hash" есть SHA-256 строки без последнего поля:
   grep '"seq":{seq},' journal/entries.jsonl | sed 's/,"hash":"[0-9a-f]*"}}$/}}/' | tr -d '\\n' | sha256sum
5. Запись входит в запуск, а запуски следуют один за другим: python3 check.py
   (путь в дереве Меркла по RFC 6962 от записи к "root" строки запуска; "prev_close" каждой строки равно "hash"
   предыдущей). То же вручную, для любой записи: начните с её "hash" и пройдите её "steps" в journal/paths.json,
   каждый раз с суммой, которая только что вышла; последняя равна "root":
   printf '00%s' HASH | xxd -r -p | sha256sum
   шаг "right":  printf '01%s%s' СУММА ШАГ | xxd -r -p | sha256sum
   шаг "left":   printf '01%s%s' ШАГ СУММА | xxd -r -p | sha256sum
6. Последний корень запуска ({closed}):
   {root}
   Сравните его с корнем, который владелец архива опубликовал в тот день: python3 check.py КОРЕНЬ
7. Тексты: sha256sum {text} равна "text_sha256" в evidence.json; слова текста найдите на странице
   {page} (check.py делает это для каждой строки).

ЧТО ЭТИМ ДОКАЗАНО И ЧТО НЕТ

Доказано: если корень из пункта 6 был опубликован в некоторый день, то к этому дню архив содержал именно эти байты, с
этими адресами, временем и заголовками, и с тех пор ни один из них не изменён; записи между ними не удалены и не
переставлены. Не доказано: что сервер действительно прислал эти байты в указанное время. Время и отпечаток сертификата
записала программа владельца архива; подпись сервера под страницами портал не ставит. Сравните страницы с официальным
порталом или с чужим архивом. Без опубликованного корня доказано только то, что папка внутренне непротиворечива.
""",
    "kk": """\
БҰЛ НЕ

«{heading}» ({article})
акт {act}: {title}{period}

Орыс және қазақ тілдеріндегі мәтіндер, олардың арасындағы өзгерістер және осы мәтіндер алынған ресми портал беттері,
сервер жіберген күйінде. Бұл ресми емес көшірме: заң күші тек ресми дереккөзде.

МҰНДА НЕ БАР

  index.html       мәтіндер, сөзбе-сөз өзгерістер және беттер тізімі: оқуға арналған
  texts/           баптың әр редакциясының тақырыпсыз мәтіні; өзгерістер: redline/
  pages/           портал беттері, байтма-байт; атындағы нөмір: журнал жазбасының нөмірі
  records/         сол беттер сұраумен, жауап тақырыптарымен және TLS сертификатының таңбасымен бірге (WARC 1.1, gzip)
  journal/         осы беттер туралы мұрағат журналының жазбалары; іске қосу түбірлері (closes.jsonl); түбірге апаратын
                   жолдар (paths.json)
  evidence.json    осының бәрінің бағдарламаларға арналған тізбесі
  check.py         біздің бағдарламасыз қысқа тексеру (Python 3.8+, тек стандартты кітапхана): оны оқып шығыңыз
  SHA256SUMS       барлық файлдың бақылау қосындылары

БІЗДІҢ БАҒДАРЛАМАСЫЗ ҚАЛАЙ ТЕКСЕРУГЕ БОЛАДЫ

1. Қалта файлдары бүтін:          sha256sum -c SHA256SUMS
2. Бет журналдағымен бірдей:      sha256sum {page}
   қосынды journal/entries.jsonl файлының {seq}-жазбасындағы "sha256" мәніне тең; {record} қосындысы
   "warc_sha256" мәніне тең.
3. Сұрау, тақырыптар, сертификат: zcat {record} | less
4. Журнал жазбасы өзгермеген: оның "hash" мәні жолдың соңғы өрісінсіз SHA-256 қосындысы:
   grep '"seq":{seq},' journal/entries.jsonl | sed 's/,"hash":"[0-9a-f]*"}}$/}}/' | tr -d '\\n' | sha256sum
5. Жазба іске қосуға кіреді, ал іске қосулар бірінен кейін бірі жүреді: python3 check.py
   (RFC 6962 бойынша Меркл ағашындағы жазбадан іске қосу жолының "root" мәніне дейінгі жол; әр жолдың "prev_close" мәні
   алдыңғысының "hash" мәніне тең). Кез келген жазба үшін қолмен: оның "hash" мәнінен бастап, journal/paths.json
   ішіндегі "steps" қадамдарын әр жолы жаңа шыққан қосындымен өтіңіз; соңғысы "root" мәніне тең:
   printf '00%s' HASH | xxd -r -p | sha256sum
   "right" қадамы:  printf '01%s%s' ҚОСЫНДЫ ҚАДАМ | xxd -r -p | sha256sum
   "left" қадамы:   printf '01%s%s' ҚАДАМ ҚОСЫНДЫ | xxd -r -p | sha256sum
6. Соңғы іске қосу түбірі ({closed}):
   {root}
   Оны мұрағат иесі сол күні жариялаған түбірмен салыстырыңыз: python3 check.py ТҮБІР
7. Мәтіндер: sha256sum {text} қосындысы evidence.json ішіндегі "text_sha256" мәніне тең; мәтін
   сөздерін {page} бетінен табыңыз (check.py мұны әр жол үшін жасайды).

БҰЛ НЕНІ ДӘЛЕЛДЕЙДІ, НЕНІ ДӘЛЕЛДЕМЕЙДІ

Дәлелденеді: егер 6-тармақтағы түбір белгілі бір күні жарияланған болса, сол күнге қарай мұрағатта дәл осы байттар, осы
мекенжайлармен, уақытпен және тақырыптармен болған, содан бері олардың бірде-бірі өзгермеген; араларындағы жазбалар
жойылмаған және орындары ауыстырылмаған. Дәлелденбейді: сервердің бұл байттарды көрсетілген уақытта шынымен жібергені.
Уақыт пен сертификат таңбасын мұрағат иесінің бағдарламасы жазған; портал беттеріне қол қоймайды. Беттерді ресми
порталмен немесе өзге мұрағатпен салыстырыңыз. Жарияланған түбірсіз тек қалтаның ішкі қайшылығы жоқ екені дәлелденеді.
""",
    "en": """\
WHAT THIS IS

“{heading}” ({article})
act {act}: {title}{period}

The texts in Russian and Kazakh, the changes between them, and the pages of the official portal from which they were
read, as the server sent them. An unofficial copy: only the official source has legal force.

WHAT IS HERE

  index.html       texts, changes word by word, and the list of pages: for reading
  texts/           the text of each redaction of the article, without its heading; changes: redline/
  pages/           the portal's pages, byte for byte; the number in the name is that of the journal entry
  records/         the same pages with request, response headers and the TLS certificate's fingerprint (WARC 1.1, gzip)
  journal/         the archive's journal entries of these pages; run roots (closes.jsonl); paths to them (paths.json)
  evidence.json    a list of all this for programs
  check.py         a short check without our program (Python 3.8+, standard library only): read it
  SHA256SUMS       digests of all files

HOW TO CHECK IT WITHOUT OUR PROGRAM

1. The files are whole:          sha256sum -c SHA256SUMS
2. A page is the journal's page: sha256sum {page}
   equals "sha256" of entry {seq} in journal/entries.jsonl; that of {record} equals "warc_sha256".
3. Request, headers, certificate: zcat {record} | less
4. A journal entry is unaltered: its "hash" is the SHA-256 of the line without its last member:
   grep '"seq":{seq},' journal/entries.jsonl | sed 's/,"hash":"[0-9a-f]*"}}$/}}/' | tr -d '\\n' | sha256sum
5. The entry is part of its run, and the runs follow one another: python3 check.py
   (a Merkle path as in RFC 6962 from the entry to "root" in the run's line; "prev_close" of each line is the "hash" of
   the one before). By hand, for any entry: begin with its "hash" and go through its "steps" in journal/paths.json, each
   time with the digest that just came out; the last one is "root":
   printf '00%s' HASH | xxd -r -p | sha256sum
   step "right":  printf '01%s%s' DIGEST STEP | xxd -r -p | sha256sum
   step "left":   printf '01%s%s' STEP DIGEST | xxd -r -p | sha256sum
6. The newest run root ({closed}):
   {root}
   Compare it with the root that the keeper of the archive published on that day: python3 check.py ROOT
7. Texts: sha256sum {text} equals "text_sha256" in evidence.json; find its words in
   {page} (check.py does so for every line).

WHAT THIS PROVES, AND WHAT NOT

Proven: if the root of point 6 was published on some day, then by that day the archive held exactly these bytes, with
these addresses, times and headers, and none of them was altered since; no entry between them was removed or moved.
Not proven: that the server really sent these bytes at the time stated. Time and certificate fingerprint were written by
the archive keeper's program; the portal does not sign its pages. Compare the pages with the official portal, or with
somebody else's archive. Without a published root, only this is proven: that the folder agrees with itself.
""",
}

_IMPORTED = {
    "ru": """
Внимание: часть текстов (pages/*.json) взята не с портала, а из другого источника, названного в поле "url" записи
журнала. Для них доказано только то, что они были в архиве; check.py их слова на странице не ищет.
""",
    "kk": """
Назар аударыңыз: мәтіндердің бір бөлігі (pages/*.json) порталдан емес, журнал жазбасының "url" өрісінде аталған басқа
дереккөзден алынған. Олар туралы тек мұрағатта болғаны дәлелденеді; check.py олардың сөздерін беттен іздемейді.
""",
    "en": """
Note: some texts (pages/*.json) were not taken from the portal but from another source, named in "url" of the journal
entry. Of them it is only proven that the archive held them; check.py does not look up their words on a page.
""",
}

_PERIOD = {
    "ru": (", с {since}", " по {until}"),
    "kk": (", {since} бастап", " {until} дейін"),
    "en": (", from {since}", " until {until}"),
}


def period(case: Case, lang: str) -> str:
    """The days asked for, in words; empty when none was given."""
    since, until = _PERIOD[lang]
    parts = since.format(since=case.since) if case.since else ""
    return parts + (until.format(until=case.until) if case.until else "")


def explanation(case: Case, lang: str) -> str:
    """One language's part of the README."""
    root = case.proof.run_root
    imported = any(entry.http_status is None for entry in case.proof.entries)
    return (_README[lang] + (_IMPORTED[lang] if imported else "")).format(
        article=case.article.eid,
        heading=case.article.heading(Lang.KK if lang == "kk" else Lang.RU),
        act=case.article.act_id,
        title=case.title,
        period=period(case, lang),
        closed=iso(root.closed_at),
        root=root.hash,
        **example_names(case),
    )


def readme(case: Case) -> str:
    """README.txt: Russian, Kazakh, English."""
    rule = "=" * 120
    return f"\n{rule}\n\n".join(explanation(case, lang) for lang in TITLES)


WORDS = {
    "texts": "Тексты / Мәтіндер / Texts",
    "changes": "Изменения / Өзгерістер / Changes",
    "between": "Сравнение двух дней / Екі күнді салыстыру / The two days compared",
    "pages": "Страницы / Беттер / Pages",
    "proof": "Цепочка доказательства / Дәлел тізбегі / Chain of proof",
    "how": "Как проверить / Қалай тексеруге болады / How to check",
    "unofficial": ("Неофициальная копия. / Ресми емес көшірме. / An unofficial copy."),
    "since": "с / бастап / from",
    "until": "до / дейін / until",
    "still": "действующая редакция / қолданыстағы редакция / still shown",
    "text": "текст / мәтін / text",
    "page": "страница / бет / page",
    "record": "запись WARC / WARC жазбасы / WARC record",
    "entry": "№",
    "fetched": "получена / алынған / fetched",
    "redaction": "редакция / редакция / redaction",
    "why": "зачем / не үшін / why",
    "address": "адрес / мекенжай / address",
    "digest": "SHA-256",
    "law": "законы / заңдар / laws",
    "root": "Корень запуска / Іске қосу түбірі / Run root",
    "none": "нет / жоқ / none",
}
LANG_NAMES = {
    "ru": "На русском языке / Орыс тілінде / In Russian",
    "kk": "На казахском языке / Қазақ тілінде / In Kazakh",
}
PROOF_STEPS = (
    {
        "ru": "Слова текста ({texts}) стоят на странице портала ({pages}).",
        "kk": "Мәтін сөздері ({texts}) портал бетінде ({pages}) тұр.",
        "en": "The words of the text ({texts}) stand on the portal's page ({pages}).",
    },
    {
        "ru": "Сумма страницы и сумма записи WARC ({records}) названы в записи журнала ({entries}).",
        "kk": "Беттің және WARC жазбасының ({records}) қосындылары журнал жазбасында ({entries}) аталған.",
        "en": "The digests of the page and of the WARC record ({records}) are named in a journal entry ({entries}).",
    },
    {
        "ru": "Сумма записи журнала ведёт по дереву Меркла ({paths}) к корню её запуска ({closes}).",
        "kk": "Журнал жазбасының қосындысы Меркл ағашы ({paths}) бойынша өз іске қосуының түбіріне ({closes}) апарады.",
        "en": "The entry's hash leads through a Merkle tree ({paths}) to the root of its run ({closes}).",
    },
    {
        "ru": "Каждый запуск называет предыдущий: последний корень охватывает все прежние ({closes}).",
        "kk": "Әр іске қосу алдыңғысын атайды: соңғы түбір бұрынғылардың бәрін қамтиды ({closes}).",
        "en": "Each run names the one before: the newest root covers all earlier ones ({closes}).",
    },
)
STATES = {
    "in_force": "",
    "excluded": "исключена / алып тасталған / repealed",
    "deferred": "ещё не введена в действие / әлі қолданысқа енгізілмеген / not yet in force",
    "suspended": "действие приостановлено / қолданылуы тоқтатыла тұрған / suspended",
    "unknown": "состояние неизвестно / күйі белгісіз / state unknown",
}
