"""Makes the media files that the archive of python-telegram-bot's tests leaves out: `python media.py <tests/data>`.

Each has the kind, the dimensions, the duration and the size in bytes that the tests speak of, and nothing to see or hear:
pictures of one colour, silence, a video without frames. What brings a file to its size is padding of its own format.
The photo of a profile is no file of theirs: it is the one that their person has on Telegram. A file that is there is
left alone. The same files come out each time.
"""

import io
import struct
import sys
from pathlib import Path

from PIL import Image

ORANGE = (240, 150, 40)


def picture(kind, size, mode="RGB", **options):
    """A picture of one colour, encoded."""
    out = io.BytesIO()
    Image.new(mode, size, ORANGE + (255,) * (mode == "RGBA")).save(out, kind, **options)
    return out.getvalue()


def jpeg(size, length):
    """Padded by one comment after the JFIF header, which ends at byte 20."""
    data = picture("JPEG", size, quality=85)
    room = length - len(data) - 4
    return data[:20] + b"\xff\xfe" + struct.pack(">H", room + 2) + bytes(room) + data[20:]


def png(size, length):
    """Padded by an ancillary chunk before the end chunk, which is twelve bytes long."""
    from zlib import crc32

    data = picture("PNG", size, "RGBA")
    body = b"paDd" + bytes(length - len(data) - 12)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", crc32(body))
    return data[:-12] + chunk + data[-12:]


def webp(size, length):
    """Padded by a chunk that no reader knows; the length of a chunk is even, as is that of the file."""
    data = picture("WEBP", size, lossless=True)
    room = length - len(data) - 8
    data += b"PADD" + struct.pack("<I", room) + bytes(room)
    return data[:4] + struct.pack("<I", len(data) - 8) + data[8:]


def gif(size, length, frames):
    """An animation, a tenth of a second a frame, padded by comments before the trailer byte."""
    pictures = [Image.new("P", size, index) for index in range(frames)]
    out = io.BytesIO()
    pictures[0].save(out, "GIF", save_all=True, append_images=pictures[1:], duration=100, loop=0, optimize=False)
    data = out.getvalue()
    room = length - len(data) - 3
    comment = b""
    while room > 0:
        # A block is a length byte and at most 255 bytes, and never empty; a rest of one byte would leave none for it.
        block = min(room, 256)
        block -= room - block == 1
        comment += bytes([block - 1]) + b" " * (block - 1)
        room -= block
    return data[:-1] + b"!\xfe" + comment + b"\0" + data[-1:]


def mp3(length, frames):
    """Silence at 320 kbit/s and 48 kHz, mono: 960 bytes and 24 ms a frame, after an ID3 tag that is padding."""
    frame = b"\xff\xfb\xe4\xc4" + bytes(956)
    room = length - 10 - frames * len(frame)
    sync_safe = bytes((room >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + sync_safe + bytes(room) + frame * frames


def ogg(length, seconds):
    """Opus, mono: silence in packets of 20 ms, padded by the comment header."""

    def page(number, granule, packets, flags=0):
        lacing = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
        head = struct.pack("<4sBBqIIIB", b"OggS", 0, flags, granule, 1, number, 0, len(lacing)) + lacing
        whole = head + b"".join(packets)
        return whole[:22] + struct.pack("<I", ogg_sum(whole)) + whole[26:]

    head = struct.pack("<8sBBHIHB", b"OpusHead", 1, 1, 312, 16000, 0, 0)
    audio = [b"\x08\xff\xfe"] * (seconds * 50)
    pages = [page(index + 2, 960 * 50 * (index + 1) + 312, audio[index * 50 : index * 50 + 50], 4 * (index == seconds - 1))
             for index in range(seconds)]
    first = page(0, 0, [head], 2)
    rest = length - len(first) - sum(map(len, pages))

    def comments(size):
        tags = struct.pack("<8sI7sI", b"OpusTags", 7, b"silence", 0)
        return page(1, 0, [tags + bytes(size - len(tags))])

    # The lacing grows with the packet: the size that fits is found by trying.
    fitting = next(size for size in range(rest - 27 - rest // 250 - 2, rest) if len(comments(size)) == rest)
    return first + comments(fitting) + b"".join(pages)


def ogg_sum(data):
    """The checksum of a page, with its own field zero."""
    total = 0
    for byte in data:
        total ^= byte << 24
        for _ in range(8):
            total = (total << 1) ^ (0x04C11DB7 if total & 0x80000000 else 0)
            total &= 0xFFFFFFFF
    return total


def mp4(size, seconds, length):
    """One video track of which only the description is there, padded by a box that players skip."""

    def box(kind, *parts):
        body = b"".join(parts)
        return struct.pack(">I4s", len(body) + 8, kind) + body

    def full(kind, body, flags=0):
        return box(kind, struct.pack(">I", flags), body)

    width, height = size
    matrix = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    movie = full(b"mvhd", struct.pack(">4IIH10x", 0, 0, 1000, seconds * 1000, 0x10000, 0x100) + matrix
                 + bytes(24) + struct.pack(">I", 2))
    track = full(b"tkhd", struct.pack(">5I8x4H", 0, 0, 1, 0, seconds * 1000, 0, 0, 0, 0) + matrix
                 + struct.pack(">II", width << 16, height << 16), 7)
    entry = box(b"avc1", bytes(6) + struct.pack(">H16xHHIII H32xHh", 1, width, height, 0x480000, 0x480000, 0, 1, 24, -1),
                box(b"avcC", bytes.fromhex("0142c01effe1000467 42c01e01000468ce3c80".replace(" ", ""))))
    table = box(b"stbl", full(b"stsd", struct.pack(">I", 1) + entry), full(b"stts", bytes(4)), full(b"stsc", bytes(4)),
                full(b"stsz", bytes(8)), full(b"stco", bytes(4)))
    source = box(b"dinf", full(b"dref", struct.pack(">I", 1) + full(b"url ", b"", 1)))
    media = box(b"mdia", full(b"mdhd", struct.pack(">4IHH", 0, 0, 1000, seconds * 1000, 0x55C4, 0)),
                full(b"hdlr", struct.pack(">I4s12x", 0, b"vide") + b"video\0"),
                box(b"minf", full(b"vmhd", bytes(8), 1), source, table))
    data = box(b"ftyp", b"isom", struct.pack(">I", 512), b"isomiso2avc1mp41") + box(b"moov", movie, box(b"trak", track, media))
    return data + box(b"free", bytes(length - len(data) - 8))


FILES = {
    "game.gif": lambda: gif((640, 360), 36_535, 10),
    "telegram.jpg": lambda: jpeg((800, 800), 33_054),
    "profile.jpg": lambda: jpeg((160, 160), 5_403),
    "telegram.png": lambda: png((300, 300), 12_948),
    "telegram.webp": lambda: webp((510, 512), 39_518),
    "telegram.mp3": lambda: mp3(122_920, 128),
    "telegram.ogg": lambda: ogg(9_199, 3),
    "telegram.mp4": lambda: mp4((360, 640), 5, 326_534),
    "telegram2.mp4": lambda: mp4((240, 240), 3, 132_084),
}

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for name, make in FILES.items():
        if not (folder / name).exists():
            (folder / name).write_bytes(make())
