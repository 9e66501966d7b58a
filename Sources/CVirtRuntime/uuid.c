/* UUIDs as text, by table. */
#include "virt-runtime.h"

#include <string.h>

static const char digits[] = "0123456789abcdef";

/* Value of a hexadecimal digit + 1; 0 for anything else. */
static const unsigned char values[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

void virt_uuid_format(const unsigned char *uuid, char *text)
{
    for (int index = 0; index < 16; index++) {
        if (index == 4 || index == 6 || index == 8 || index == 10)
            *text++ = '-';
        *text++ = digits[uuid[index] >> 4];
        *text++ = digits[uuid[index] & 15];
    }
    *text = '\0';
}

static inline bool is_space(uint8_t character)
{
    return character == ' ' || (character >= '\t' && character <= '\r' && character != '\v');
}

int virt_uuid_parse_bytes(const uint8_t *text, size_t length, unsigned char *uuid)
{
    const uint8_t *end = text + length;
    for (int index = 0; index < 16; index++) {
        while (text < end && (*text == '-' || is_space(*text)))
            text++;
        if (end - text < 2)
            return -1;
        unsigned high = values[text[0]], low = values[text[1]];
        if (high == 0 || low == 0)
            return -1;
        uuid[index] = (unsigned char)((high - 1) << 4 | (low - 1));
        text += 2;
    }
    while (text < end && is_space(*text))
        text++;
    return text == end ? 0 : -1;
}

int virt_uuid_parse(const char *text, unsigned char *uuid)
{
    return virt_uuid_parse_bytes((const uint8_t *)text, strlen(text), uuid);
}
