# What core itself says to people. A bot's message of the same name replaces it.

# To the person whose message could not be handled, after the last attempt.
error-went-wrong = 抱歉，出了点问题。您的消息已保存，我们正在处理。

# Date patterns: the arguments come from texts::date_args.
date-and-time = { $year }年{ $month }月{ $day }日 { $hour }:{ $minute }
date-only = { $year }年{ $month }月{ $day }日
