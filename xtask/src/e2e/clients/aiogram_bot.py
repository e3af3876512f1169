"""A bot on aiogram, for the conversation that clients.rs plays. WEBHOOK_PORT makes it listen instead of poll."""

import asyncio
import os

from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import (
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
)
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

dispatcher = Dispatcher()


@dispatcher.message(CommandStart())
async def start(message: Message):
    row = [InlineKeyboardButton(text=label, callback_data=label.lower()) for label in ("Tea", "Coffee")]
    keyboard = InlineKeyboardMarkup(inline_keyboard=[row])
    await message.answer(f"Welcome, {message.from_user.first_name}.", reply_markup=keyboard)


@dispatcher.callback_query()
async def chosen(query: CallbackQuery):
    await query.answer(f"One {query.data}")
    await query.message.edit_text(f"You chose {query.data}.")


@dispatcher.message(Command("topic"))
async def topic(message: Message, command: CommandObject, bot: Bot):
    made = await bot.create_forum_topic(message.chat.id, command.args)
    await bot.send_message(message.chat.id, f"{made.name} is open.", message_thread_id=made.message_thread_id)


@dispatcher.message(F.is_topic_message, F.text)
async def in_topic(message: Message):
    await message.reply(f"Heard: {message.text}")


@dispatcher.message(F.media_group_id)
async def part_of_album(message: Message):
    await message.reply("One of an album")


@dispatcher.message(F.photo | F.document)
async def file(message: Message, bot: Bot):
    sent = message.document or message.photo[-1]
    data = (await bot.download(sent)).read()
    if message.caption == "album":
        photos = [
            InputMediaPhoto(media=BufferedInputFile(data, f"{word}.png"), caption=word)
            for word in ("one", "two", "three")
        ]
        await message.answer_media_group(photos)
    elif message.photo:
        await message.reply_photo(BufferedInputFile(data, "copy.png"), caption=f"{len(data)} bytes")
    else:
        await message.reply_document(BufferedInputFile(data, "copy.txt"), caption=f"{len(data)} bytes")


def main():
    server = TelegramAPIServer.from_base(os.environ["TELEGRAM_API_URL"])
    bot = Bot(os.environ["TELEGRAM_BOT_TOKEN"], session=AiohttpSession(api=server))
    port = int(os.environ.get("WEBHOOK_PORT", "0"))
    if not port:
        asyncio.run(dispatcher.start_polling(bot))
        return

    @dispatcher.startup()
    async def listen(bot: Bot):
        await bot.set_webhook(f"http://127.0.0.1:{port}/hook", secret_token="sandbox-secret")

    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token="sandbox-secret").register(app, "/hook")
    setup_application(app, dispatcher, bot=bot)
    web.run_app(app, host="127.0.0.1", port=port, print=None)


if __name__ == "__main__":
    main()
