# 客服机器人的所有文字。工单以编号称呼：#12。

# 致客户，私聊。
start = { $name }，您好！请在这里写下您的问题：文字、图片、语音都可以。我们的团队会在这个聊天中回复您。
help =
    请在这里写下您的问题，我们的团队会在这个聊天中回复。在工单关闭之前，您发送的一切都属于该工单。

    /start – 关于我们
    /help – 本说明
ask-how-private = 直接在这里写下您的问题即可，不需要命令。
opened = 谢谢！您的问题已登记为工单 #{ $number }。我们的团队会在这里回复，您可以随时补充。
closed = 工单 #{ $number } 已关闭。如果还有问题，请直接再次提问。
reopened = 工单 #{ $number } 已重新打开。
not-passed-on = Telegram 不允许转交这类消息。请换一种方式发送，例如图片或文字。
unknown-kind = 这类消息无法转交。请换一种方式发送，例如图片或文字。
kept = 目前无法联系到我们的团队。您的消息已保存，恢复后会立即转达。
edited = ✏️ 已编辑：

# 致客户，群组。
opened-group = 谢谢！您的问题已登记为工单 #{ $number }。如需补充，请回复本消息，或发送 /t { $number } 和您的文字。
closed-group = 工单 #{ $number } 已关闭。如果还有问题，请写 /ask 和您的问题。
ask-how = 提问时，请在同一条消息中写 /ask 和您的问题，例如：/ask 你们几点开门？
help-group =
    /ask 加您的问题 – 向我们的团队提问
    /t 加工单编号和文字 – 补充您的问题

    您也可以在问题中提及我，或回复我的消息。
group-not-served = 抱歉，我们的团队不在这个群组中回答问题。请私聊我。
ticket-form = 补充工单时，请写 /t、工单编号和您的文字，例如：/t 12 现在可以了。
ticket-not-a-number = /t 后面是工单编号，例如：/t 12 现在可以了。
ticket-unknown = 没有工单 #{ $number }。
ticket-elsewhere = 工单 #{ $number } 不是在这个群组中提出的。
ticket-not-yours = 只有提问者本人可以补充工单 #{ $number }。如果您自己有问题，请写 /ask 和您的问题。
ticket-closed = 工单 #{ $number } 已关闭。如需再次提问，请写 /ask 和您的问题。
reply-unknown = 我无法判断这属于哪个问题。请写 /t、工单编号和您的文字，或用 /ask 提出新问题。

# 致管理员。
help-admin =
    管理员命令：
    在群组中发送 /addgroup – 该群组成员可以提问
    在群组中发送 /removegroup，或附上群组 ID – 不再允许提问
    /listgroups – 群组及其 ID
admins-only = 只有本服务台的管理员可以这样做。
admins-only-anonymous = 只有本服务台的管理员可以这样做。匿名管理员需要先显示身份。
group-add-there = 请在需要开放提问的群组中发送 /addgroup。
group-added = 本群组成员现在可以用 /ask 或提及我来提问。
group-known = 本群组成员已经可以用 /ask 或提及我来提问。
group-no-mentions =
    Telegram 不会向我显示本群组中的提及。/ask 和对我消息的回复可以使用。如需提及和完整相册，请
    – 将我设为本群组的管理员，或
    – 在 @BotFather 关闭我的隐私模式（/setprivacy），然后将我移出群组并重新添加。
group-removed = 该群组成员不能再提问。已打开的工单继续处理。
group-unknown = 该群组不在列表中。/listgroups 可查看列表。
group-remove-how = 请在群组中发送 /removegroup，或发送 /removegroup 加群组 ID。/listgroups 可查看 ID。
groups-none = 列表中没有群组。在群组中发送 /addgroup 即可添加。
groups-head = 成员可以提问的群组：
groups-line = { $title } – { $id }

# 致客服，客服群组。
card-title = 工单 #{ $number } · { $name }
card-username = 用户名：@{ $username }
card-language = 语言：{ $language }
card-group = 群组：{ $title }
card-topic =
    您在本话题中写的内容都会发给客户；以 // 开头则仅客服可见。
    /close 关闭工单。
card-general =
    回复本消息或下面的消息，客户即可收到；以 // 开头则仅客服可见。
    回复 /close 关闭工单。
help-staff =
    每个工单有一个话题。您在其中写的内容会发给客户，并以回复的形式显示在对应消息下方。
    以 // 开头 – 仅客服可见的备注
    /close 或 /done – 关闭工单
    /reopen – 重新打开
    /retry – 重新发送未能送达这里的消息
    在 General 中，只有对工单消息的回复才会发给客户。
sent = ✅
failed = ❌ 失败：{ $reason }
failed-blocked = 客户已屏蔽机器人。
failed-deactivated = 客户的账号已不存在。
failed-removed = 机器人已不在该群组中。
failed-deleted = 消息在复制之前已被删除。
failed-uncopyable = Telegram 不允许机器人复制这类消息。请换一种方式发送。
failed-refused = Telegram 拒绝了（{ $why }）。
sent-perhaps = ❓ Telegram 没有告知客户是否收到。运维人员可在“dead-letters”中找到它。
staff-ticket-closed = 未发送：工单已关闭。/reopen 可重新打开。
staff-unknown-command = 未发送：无法识别这个命令。/help 可查看可用命令。
staff-reply-unknown = 未发送：我无法判断这属于哪个工单。请回复工单的卡片，或在其话题中发送。
staff-topic-unknown = 未发送：找不到与此话题对应的工单。如果该工单另有话题，请在那里发送。
staff-no-ticket = 这里没有工单。请在工单的话题中使用此命令，或回复工单的消息。
staff-already-closed = 工单 #{ $number } 已经关闭。
staff-already-open = 工单 #{ $number } 本来就是打开状态。
staff-other-open = 工单 #{ $number } 保持关闭：客户的工单 #{ $other } 处于打开状态。请在那里回复，或先关闭它。
staff-closed = 工单 #{ $number } 已关闭，并已通知客户。/reopen 可重新打开。
staff-reopened = 工单 #{ $number } 已重新打开，并已通知客户。
staff-not-copied = 客户在此发送了一条无法复制的消息：它已被删除，或 Telegram 不允许复制这类消息。
staff-edit-kept = 客户看到的仍是您最初写的内容：编辑不能把它变成备注或命令。
staff-edit-not-sent = 未发送：只有已发送的消息，其编辑才会送达客户。请作为新消息发送。
staff-retrying = 正在重试。
staff-nothing-waits = 没有待送达的消息。
no-topics-forum = 我无法为每个工单创建话题，因为本群组没有开启话题。管理员需要在群组设置中开启话题，并允许我管理话题。在此之前，工单会显示在这里，请直接回复相应的消息。
no-topics-rights = 我无法为每个工单创建话题，因为我没有管理话题的权限。管理员需要将我设为拥有“管理话题”权限的管理员。在此之前，工单会显示在这里，请直接回复相应的消息。
no-topics-other = 我未能为工单创建话题。管理员需要确认话题已开启，并且我可以管理话题。在此之前，工单会显示在这里，请直接回复相应的消息。

# 命令列表与简介。
command-start = 关于我们
command-help = 使用方法
command-ask = 向我们的团队提问：/ask 加您的问题
command-ticket = 补充工单：编号和文字
command-close = 关闭工单
command-reopen = 重新打开工单
command-retry = 重新发送未能送达这里的消息
command-listgroups = 成员可以提问的群组
command-removegroup = 按 ID 将群组移出列表
profile-description = 请在这里写下您的问题：文字、图片、语音。我们的团队会在这个聊天中回复。
profile-short-description = 在这里提问，我们的团队会回复您。
