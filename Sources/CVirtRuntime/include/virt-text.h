/* Bytes and short texts: classes of bytes, UUIDs. */
#ifndef VIRT_TEXT_H
#define VIRT_TEXT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a byte may be in a URI (RFC 3986); bits of virt_byte_class(). */
#define VIRT_BYTE_LETTER 1u
#define VIRT_BYTE_DIGIT 2u
#define VIRT_BYTE_MARK 4u          /* - . _ ~                   */
#define VIRT_BYTE_DELIMITER 8u     /* ! $ & ' ( ) * + , ; =     */
#define VIRT_BYTE_HEXADECIMAL 16u
#define VIRT_BYTE_COLON 32u
#define VIRT_BYTE_SLASH 64u
#define VIRT_BYTE_AT 128u

/* The classes of a byte; none for what is not ASCII. */
static inline uint8_t virt_byte_class(uint8_t byte)
{
    static const uint8_t classes[128] = {
          0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,
          0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,
          0,   8,   0,   0,   8,   0,   8,   8,   8,   8,   8,   8,   8,   4,   4,  64,
         18,  18,  18,  18,  18,  18,  18,  18,  18,  18,  32,   8,   0,   8,   0,   0,
        128,  17,  17,  17,  17,  17,  17,   1,   1,   1,   1,   1,   1,   1,   1,   1,
          1,   1,   1,   1,   1,   1,   1,   1,   1,   1,   1,   0,   0,   0,   0,   4,
          0,  17,  17,  17,  17,  17,  17,   1,   1,   1,   1,   1,   1,   1,   1,   1,
          1,   1,   1,   1,   1,   1,   1,   1,   1,   1,   1,   0,   0,   0,   4,   0,
    };
    return byte < 128 ? classes[byte] : 0;
}

/* Reads a UUID of so many bytes the way the API accepts it; see virt_uuid_parse(). */
int virt_uuid_parse_bytes(const uint8_t *text, size_t length, unsigned char *uuid);

#ifdef __cplusplus
}
#endif
#endif
