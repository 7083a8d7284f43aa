"""The C headers alone, without Python: on this machine, under sanitizers, and on a big-endian one.

Expected values come from Python's own int.from_bytes and struct.
"""

from __future__ import annotations

import random
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from real import need

SOURCES = Path(__file__).parents[2] / "src"
INTEGERS = {"U8": 8, "U16": 16, "U32": 32, "U64": 64, "S8": 8, "S16": 16, "S32": 32, "S64": 64}
PROGRAM = """
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "cc_columns.h"
#include "cc_copy.h"

static void put(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        printf("%02x", bytes[i]);
    printf("\\n");
}

/* A field at an odd address, with nothing behind its last byte: a load that reads further is caught. */
static void field(cc_row row, const char *hex, int is_signed)
{
    uint8_t *memory = malloc(row.size + 1), *p = memory + 1;
    for (uint32_t i = 0; i < row.size; i++)
        sscanf(hex + 2 * i, "%2hhx", &p[i]);
    uint64_t v = is_signed ? (uint64_t)cc_load_signed(&row, p) : cc_load_unsigned(&row, p);
    printf("%" PRIx64 " ", v);
    for (uint32_t i = 0; i < row.size; i++)
        p[i] = (uint8_t)~p[i];
    cc_store_integer(&row, p, v);
    put(p, row.size);
    free(memory);
}

static void single(const char *hex)
{
    uint8_t *memory = malloc(5), *p = memory + 1;
    for (int i = 0; i < 4; i++)
        sscanf(hex + 2 * i, "%2hhx", &p[i]);
    double d = cc_load_f32(p);
    uint64_t bits = cc_bits_of(d);
    memset(p, 0, 4);
    int wrong = cc_store_f32(p, d);
    printf("%" PRIx64 " %d ", bits, wrong);
    put(p, 4);
    free(memory);
}

static void twice(const char *hex)
{
    uint8_t *memory = malloc(9), *p = memory + 1;
    for (int i = 0; i < 8; i++)
        sscanf(hex + 2 * i, "%2hhx", &p[i]);
    double d = cc_load_f64(p);
    printf("%" PRIx64 " ", cc_bits_of(d));
    cc_store_f64(p, d);
    put(p, 8);
    free(memory);
}

static int copies(void)
{
    for (size_t d = 0; d < 80; d++)
        for (size_t s = 0; s < 80; s++)
            for (int zero = 0; zero < 2; zero++) {
                uint8_t *dst = malloc(d + !d), *src = malloc(s + !s);
                memset(dst, 0xdd, d);
                for (size_t i = 0; i < s; i++)
                    src[i] = (uint8_t)(i + 1);
                size_t n = cc_min_copy(dst, d, src, s, zero);
                if (n != (d < s ? d : s))
                    return 1;
                for (size_t i = 0; i < d; i++)
                    if (dst[i] != (i < n ? i + 1 : zero ? 0 : 0xdd))
                        return 1;
                free(dst);
                free(src);
            }
    return 0;
}

/* Records into other records and into columns, little and much, against the same byte by byte. */
static int bulk(size_t count, size_t from, size_t to)
{
    uint8_t *src = malloc(count * from), *dst = malloc(count * to + 9), *at = dst + 9;
    for (size_t i = 0; i < count * from; i++)
        src[i] = (uint8_t)(i * 2654435761u >> 13);
    memset(dst, 0xdd, count * to + 9);
    cc_records target = {at, to, to}, origin = {src, from, from};
    if (cc_min_copy_many(target, origin, count, 1))
        return 1;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < to; k++)
            if (at[i * to + k] != (k < from ? src[i * from + k] : 0))
                return 1;
    for (size_t k = 0; k < 9; k++)
        if (dst[k] != 0xdd)
            return 1;
    free(dst);

    uint32_t word = 4, bits = 2, apart[] = {0, 12, 5};
    cc_row three = {.op = CC_UBITS, .size = 2, .shift = 6, .width = 5, .max = 31};
    cc_column columns[] = {
        {.pieces = 1, .piece = 4, .offsets = &word, .out = malloc(count * 4)},
        {.pieces = 1, .piece = 1, .offsets = &bits, .bits = &three, .out = malloc(count)},
        {.pieces = 3, .piece = 2, .offsets = apart, .out = malloc(count * 6)},
        {.pieces = 1, .piece = (uint32_t)from - 3, .offsets = apart + 2, .out = malloc(count * (from - 3))},
    };
    columns[3].piece -= 2;
    cc_gather(columns, 4, src, (ptrdiff_t)from, from, count);
    for (size_t i = 0; i < count; i++) {
        const uint8_t *record = src + i * from;
        unsigned expected = (record[2] >> 6 | record[3] << 2) & 31;
        if (memcmp(columns[0].out + 4 * i, record + 4, 4) || columns[1].out[i] != expected ||
            memcmp(columns[2].out + 6 * i, record, 2) || memcmp(columns[2].out + 6 * i + 2, record + 12, 2) ||
            memcmp(columns[2].out + 6 * i + 4, record + 5, 2) ||
            memcmp(columns[3].out + columns[3].piece * i, record + 5, columns[3].piece))
            return 1;
    }
    for (int c = 0; c < 4; c++)
        free(columns[c].out);
    free(src);
    return 0;
}

int main(void)
{
    uint16_t probe = 1;
    printf("%s\\n", *(uint8_t *)&probe ? "little" : "big");
@CALLS@
    return copies() || bulk(1, 90, 70) || bulk(63, 70, 90) || bulk(65, 64, 64) || bulk(3000, 33, 20) ||
           bulk(20000, 1000, 900);
}
"""


def cases():
    """Calls of the program, and the line that each must print."""
    rng = random.Random(5)
    calls, expected = [], []
    for name, width in INTEGERS.items():
        for _ in range(20):
            data = rng.randbytes(width // 8)
            value = int.from_bytes(data, "little", signed=name[0] == "S") & (1 << 64) - 1
            calls.append(
                f'field((cc_row){{.op = CC_{name}, .size = {width // 8}}}, "{data.hex()}", {int(name[0] == "S")});'
            )
            expected.append(f"{value:x} {data.hex()}")
    for _ in range(600):
        width, shift, signed = rng.randint(1, 64), rng.randint(0, 7), rng.random() < 0.4
        size = -(-(shift + width) // 8)
        if size > 8:
            continue
        data = rng.randbytes(size)
        mask = (1 << width) - 1
        value = int.from_bytes(data, "little") >> shift & mask
        stored = bytes(byte ^ 255 for byte in data)
        stored = int.from_bytes(stored, "little") & ~(mask << shift) | value << shift
        if signed and value >> width - 1:
            value |= (1 << 64) - 1 & ~mask
        op = "SBITS" if signed else "BIT" if size == 1 else "UBITS"
        row = f"{{.op = CC_{op}, .size = {size}, .shift = {shift}, .width = {width}, .max = UINT64_C({mask})}}"
        calls.append(f'field((cc_row){row}, "{data.hex()}", {int(signed)});')
        expected.append(f"{value:x} {stored.to_bytes(size, 'little').hex()}")
    for bits in (
        0,
        1 << 31,
        1,
        0x7F7FFFFF,
        0x7F800000,
        0x7F800001,
        0xFFC12345,
        *(rng.getrandbits(32) for _ in range(99)),
    ):
        data = bits.to_bytes(4, "little")
        wide = int.from_bytes(struct.pack("<d", struct.unpack("<f", data)[0]), "little")
        if bits & 0x7FFFFFFF > 0x7F800000:  # a conversion might quiet it; what must come out is plain arithmetic
            wide = bits >> 31 << 63 | 0x7FF << 52 | (bits & 0x7FFFFF) << 29
        calls.append(f'single("{data.hex()}");')
        expected.append(f"{wide:x} 0 {data.hex()}")
    for _ in range(50):
        data = rng.randbytes(8)
        calls.append(f'twice("{data.hex()}");')
        expected.append(f"{int.from_bytes(data, 'little'):x} {data.hex()}")
    return calls, expected


def build(tmp_path, compiler: str, *flags: str) -> Path:
    calls, _ = cases()
    source, binary = tmp_path / "core.c", tmp_path / "core"
    source.write_text(PROGRAM.replace("@CALLS@", "\n".join(f"    {call}" for call in calls)))
    strict = ["-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function"]
    subprocess.run([compiler, *strict, *flags, f"-I{SOURCES}", "-o", binary, source, "-lm"], check=True)
    return binary


def check(command: list, order: str) -> None:
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    first, *lines = result.stdout.splitlines()
    assert first == order
    assert lines == cases()[1]


def test_natively(tmp_path):
    check([build(tmp_path, "cc")], sys.byteorder)


def test_under_sanitizers(tmp_path):
    flags = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g"]
    check([build(tmp_path, "cc", *flags)], sys.byteorder)


def test_on_a_big_endian_machine(tmp_path):
    compiler = need("s390x-linux-gnu-gcc", "gcc-s390x-linux-gnu")
    emulator = [] if sys.byteorder == "big" else [need("qemu-s390x", "qemu-user")]
    check([*emulator, build(tmp_path, compiler, "-static")], "big")


@pytest.mark.parametrize("header", sorted(SOURCES.glob("cc_*.h")), ids=lambda path: path.name)
def test_headers_stand_alone_and_know_no_python(header, tmp_path):
    source = tmp_path / "alone.c"
    source.write_text(f'#include "{header.name}"\nint main(void) {{ return 0; }}\n')
    subprocess.run(
        ["cc", "-std=c11", "-Wall", "-Wextra", "-Werror", f"-I{SOURCES}", "-fsyntax-only", source], check=True
    )
    assert "Python.h" not in header.read_text()
    assert "Py_" not in header.read_text()
