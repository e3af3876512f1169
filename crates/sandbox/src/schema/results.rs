//! What each method returns.

/// The type of a method's result, in the schema's words; `None` for a method that the sandbox does not have.
pub fn result_type(method: &str) -> Option<&'static str> {
    Some(match method {
        "getMe" => "User",
        "getUpdates" => "Array of Update",
        "getWebhookInfo" => "WebhookInfo",
        "sendMessage" | "sendPhoto" | "sendAudio" | "sendDocument" | "sendVideo" | "sendAnimation"
        | "sendVoice" | "sendVideoNote" | "sendSticker" | "sendLocation" | "sendVenue" | "sendContact"
        | "sendDice" | "sendPoll" | "sendLivePhoto" | "sendPaidMedia" | "forwardMessage" => "Message",
        "sendGame" | "sendChecklist" | "sendRichMessage" | "editMessageChecklist" => "Message",
        "editMessageLiveLocation" | "stopMessageLiveLocation" | "setGameScore" => "Message or True",
        "editMessageText" | "editMessageCaption" | "editMessageMedia" | "editMessageReplyMarkup" => {
            "Message or True"
        }
        "sendMediaGroup" => "Array of Message",
        "uploadStickerFile" => "File",
        "getStickerSet" => "StickerSet",
        "getCustomEmojiStickers" => "Array of Sticker",
        "copyMessage" => "MessageId",
        "copyMessages" | "forwardMessages" => "Array of MessageId",
        "stopPoll" => "Poll",
        "getFile" => "File",
        "getChat" => "ChatFullInfo",
        "getChatMember" => "ChatMember",
        "getChatAdministrators" => "Array of ChatMember",
        "getChatMemberCount" => "Integer",
        "createChatInviteLink"
        | "editChatInviteLink"
        | "createChatSubscriptionInviteLink"
        | "editChatSubscriptionInviteLink"
        | "revokeChatInviteLink" => "ChatInviteLink",
        "exportChatInviteLink" => "String",
        "createForumTopic" => "ForumTopic",
        "getForumTopicIconStickers" => "Array of Sticker",
        "getMyCommands" => "Array of BotCommand",
        "getMyName" => "BotName",
        "getMyDescription" => "BotDescription",
        "getMyShortDescription" => "BotShortDescription",
        "getChatMenuButton" => "MenuButton",
        "getUserProfilePhotos" => "UserProfilePhotos",
        "getGameHighScores" => "Array of GameHighScore",
        "savePreparedInlineMessage" => "PreparedInlineMessage",
        "answerWebAppQuery" => "SentWebAppMessage",
        "getBusinessConnection" => "BusinessConnection",
        "getMyStarBalance" | "getBusinessAccountStarBalance" => "StarAmount",
        "getStarTransactions" => "StarTransactions",
        "getUserGifts" | "getChatGifts" | "getBusinessAccountGifts" => "OwnedGifts",
        "getAvailableGifts" => "Gifts",
        "getMyDefaultAdministratorRights" => "ChatAdministratorRights",
        "answerInlineQuery"
        | "deleteMessageReaction"
        | "deleteAllMessageReactions"
        | "readBusinessMessage"
        | "deleteBusinessMessages"
        | "setBusinessAccountName"
        | "setBusinessAccountUsername"
        | "setBusinessAccountBio"
        | "setMyDefaultAdministratorRights"
        | "sendMessageDraft"
        | "sendRichMessageDraft"
        | "editEphemeralMessageText"
        | "editEphemeralMessageCaption"
        | "editEphemeralMessageReplyMarkup"
        | "deleteEphemeralMessage"
        | "setWebhook"
        | "deleteWebhook"
        | "logOut"
        | "close"
        | "deleteMessage"
        | "deleteMessages"
        | "sendChatAction"
        | "setMessageReaction"
        | "pinChatMessage"
        | "unpinChatMessage"
        | "unpinAllChatMessages"
        | "answerCallbackQuery"
        | "leaveChat"
        | "banChatMember"
        | "unbanChatMember"
        | "restrictChatMember"
        | "promoteChatMember"
        | "editForumTopic"
        | "closeForumTopic"
        | "reopenForumTopic"
        | "deleteForumTopic"
        | "unpinAllForumTopicMessages"
        | "editGeneralForumTopic"
        | "closeGeneralForumTopic"
        | "reopenGeneralForumTopic"
        | "hideGeneralForumTopic"
        | "unhideGeneralForumTopic"
        | "unpinAllGeneralForumTopicMessages"
        | "setMyCommands"
        | "deleteMyCommands"
        | "setMyName"
        | "setMyDescription"
        | "setMyShortDescription"
        | "setChatMenuButton"
        | "setChatPhoto"
        | "deleteChatPhoto"
        | "setMyProfilePhoto"
        | "removeMyProfilePhoto"
        | "createNewStickerSet"
        | "addStickerToSet"
        | "replaceStickerInSet"
        | "deleteStickerFromSet"
        | "deleteStickerSet"
        | "setStickerPositionInSet"
        | "setStickerEmojiList"
        | "setStickerKeywords"
        | "setStickerMaskPosition"
        | "setStickerSetTitle"
        | "setStickerSetThumbnail"
        | "setCustomEmojiStickerSetThumbnail"
        | "setChatTitle"
        | "setChatDescription"
        | "setChatPermissions"
        | "setChatAdministratorCustomTitle"
        | "setChatMemberTag"
        | "banChatSenderChat"
        | "unbanChatSenderChat"
        | "approveChatJoinRequest"
        | "declineChatJoinRequest" => "True",
        _ => return None,
    })
}
