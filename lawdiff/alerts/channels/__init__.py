"""Where alerts go: Apprise, SMTP, a signed webhook, an Atom file, standard output.

`open_channel(config, …)` checks a channel's options and gives a `Channel`. A channel sends one `Part` to one target,
and raises `SendFailed` saying whether to try again. What happens when the process is killed between sending and
recording:

| channel | errs on | a reader sees |
|---|---|---|
| smtp | repeating | the same Message-ID twice: mail systems that deduplicate show one |
| webhook | repeating | the same `webhook-id`: the receiver drops the second |
| atom | neither | the file is written again with the same entries and ids |
| stdout | repeating | the same digest id twice |
| apprise | repeating, or losing with `on_doubt = "drop"` (then it is listed among the dead letters) | possibly the
same message twice |
"""

from lawdiff.alerts.channels.base import Channel, Message, SendFailed
from lawdiff.alerts.channels.opening import open_channel, targets_of

__all__ = ["Channel", "Message", "SendFailed", "open_channel", "targets_of"]
