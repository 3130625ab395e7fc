"""A picture goes out as it is seen, without where, when and by whom it was taken."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_desk.casework.refusal import Refused
from escalation_desk.documents.pictures import Picture, prepare, stripped


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def exif(turn: int, order: str = ">") -> bytes:
    entry = struct.pack(order + "HHIHH", 0x0112, 3, 1, turn, 0)
    sign = b"MM\0*" if order == ">" else b"II*\0"
    return b"Exif\0\0" + sign + struct.pack(order + "IH", 8, 1) + entry + b"GPS 10.7769,106.7009"


def jpeg(*more: bytes, width: int = 640, height: int = 480) -> bytes:
    frame = segment(0xC0, b"\x08" + struct.pack(">HH", height, width) + b"\x03\x01\x22\0\x02\x11\x01\x03\x11\x01")
    scan = segment(0xDA, b"\x03\x01\0\x02\x11\x03\x11\0?\0") + b"data\xff\0more\xff\xd0again"
    return (
        b"\xff\xd8" + segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0") + b"".join(more) + frame + scan + b"\xff\xd9"
    )


def test_a_png_keeps_its_picture_and_loses_what_is_written_in_it(png: bytes) -> None:
    secret = chunk(b"tEXt", b"Author\0Nguyen") + chunk(b"eXIf", b"MM\0*GPS") + chunk(b"tIME", b"\0" * 7)
    spoken = png[:33] + secret + png[33:] + b"trailing secrets"

    prepared = stripped(spoken, "a.png")

    assert prepared.content == png
    assert (prepared.suffix, prepared.width, prepared.height) == ("png", 1200, 600)


def test_a_jpeg_keeps_its_picture_and_loses_exif_xmp_and_comments() -> None:
    secret = [segment(0xE1, exif(1)), segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0GPS"), segment(0xED, b"Photoshop")]

    prepared = stripped(jpeg(*secret, segment(0xFE, b"by Nguyen")), "a.jpg")

    assert prepared.content == jpeg()
    assert (prepared.suffix, prepared.width, prepared.height, prepared.turns) == ("jpeg", 640, 480, 0)


def test_a_second_picture_hidden_behind_the_first_is_left_out() -> None:
    assert stripped(jpeg() + jpeg(segment(0xE1, exif(1))), "a.jpg").content == jpeg()


def test_the_colours_of_a_jpeg_are_kept() -> None:
    colours = [segment(0xEE, b"Adobe\0d\0\0\0\0\x01"), segment(0xE2, b"ICC_PROFILE\0\x01\x01profile")]

    assert stripped(jpeg(*colours), "a.jpg").content == jpeg(*colours)


@pytest.mark.parametrize(("said", "turns"), [(1, 0), (3, 2), (6, 1), (8, 3), (99, 0)])
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_photo_taken_sideways_is_turned_upright(said: int, turns: int, order: str) -> None:
    prepared = stripped(jpeg(segment(0xE1, exif(said, order))), "a.jpg")

    assert prepared.turns == turns
    assert b"GPS" not in prepared.content


def test_a_picture_is_scaled_down_to_fit_but_never_up() -> None:
    assert stripped(jpeg(width=3000, height=1000), "a").fitted((100, 100)) == (3_600_000, 1_200_000)
    assert stripped(jpeg(width=96, height=96), "a").fitted((100, 100)) == (914_400, 914_400)
    assert stripped(jpeg(segment(0xE1, exif(6)), width=3000, height=1000), "a").fitted((100, 100)) == (
        3_600_000,
        1_200_000,
    )


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg/>", b"BM"])
def test_what_is_no_png_or_jpeg_is_said(content: bytes) -> None:
    with pytest.raises(Refused, match="is not a PNG or JPEG picture"):
        stripped(content, "a.gif")


def test_a_picture_of_impossible_size_is_damaged(png: bytes) -> None:
    with pytest.raises(Refused, match="is damaged"):
        stripped(png[:16] + struct.pack(">II", 0, 2**31) + png[24:], "a.png")


def test_a_file_that_is_gone_is_said() -> None:
    def gone() -> bytes:
        raise FileNotFoundError

    with pytest.raises(Refused, match="cannot be read"):
        prepare(Picture("a.png", gone))


@given(st.integers(0, 200), st.binary(max_size=4), st.booleans())
def test_a_broken_picture_is_refused_or_prepared_and_never_more(at: int, noise: bytes, is_jpeg: bool) -> None:
    whole = (
        jpeg(segment(0xE1, exif(6)))
        if is_jpeg
        else b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0\0\0\x01" * 2 + b"\x08\0\0\0\0")
    )
    broken = whole[:at] + noise + whole[at + len(noise) :]

    for content in (broken, whole[:at]):
        try:
            assert len(stripped(content, "a").content) <= len(content)
        except Refused:
            continue
