"""A bot on python-telegram-bot, for the conversation that clients.rs plays. WEBHOOK_PORT makes it listen instead of poll."""

import os

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, filters


async def start(update, context):
    keyboard = [[InlineKeyboardButton(label, callback_data=label.lower()) for label in ("Tea", "Coffee")]]
    name = update.effective_user.first_name
    await update.message.reply_text(f"Welcome, {name}.", reply_markup=InlineKeyboardMarkup(keyboard))


async def chosen(update, context):
    query = update.callback_query
    await query.answer(f"One {query.data}")
    await query.edit_message_text(f"You chose {query.data}.")


async def topic(update, context):
    chat = update.effective_chat.id
    made = await context.bot.create_forum_topic(chat, " ".join(context.args))
    await context.bot.send_message(chat, f"{made.name} is open.", message_thread_id=made.message_thread_id)


async def in_topic(update, context):
    await update.message.reply_text(f"Heard: {update.message.text}", do_quote=True)


async def file(update, context):
    message = update.message
    if message.media_group_id:
        await message.reply_text("One of an album", do_quote=True)
        return
    sent = message.document or message.photo[-1]
    data = bytes(await (await sent.get_file()).download_as_bytearray())
    if message.caption == "album":
        photos = [InputMediaPhoto(data, caption=word, filename=f"{word}.png") for word in ("one", "two", "three")]
        await message.reply_media_group(photos)
    elif message.photo:
        await message.reply_photo(data, filename="copy.png", caption=f"{len(data)} bytes", do_quote=True)
    else:
        await message.reply_document(data, filename="copy.txt", caption=f"{len(data)} bytes", do_quote=True)


def main():
    telegram = os.environ["TELEGRAM_API_URL"]
    builder = Application.builder().token(os.environ["TELEGRAM_BOT_TOKEN"])
    app = builder.base_url(f"{telegram}/bot").base_file_url(f"{telegram}/file/bot").build()
    app.add_handler(CommandHandler("start", start))
    app.add_handler(CallbackQueryHandler(chosen))
    app.add_handler(CommandHandler("topic", topic))
    app.add_handler(MessageHandler(filters.IS_TOPIC_MESSAGE & filters.TEXT & ~filters.COMMAND, in_topic))
    app.add_handler(MessageHandler(filters.PHOTO | filters.Document.ALL, file))
    port = int(os.environ.get("WEBHOOK_PORT", "0"))
    if port:
        url = f"http://127.0.0.1:{port}/hook"
        app.run_webhook("127.0.0.1", port, "hook", webhook_url=url, secret_token="sandbox-secret")
    else:
        app.run_polling()


if __name__ == "__main__":
    main()
