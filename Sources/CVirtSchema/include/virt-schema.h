/* Validation of documents against RELAX NG schemas, by libxml2, which is loaded when somebody asks for it first. */
#ifndef VIRT_SCHEMA_H
#define VIRT_SCHEMA_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum virt_schema_result {
    VIRT_SCHEMA_FOLLOWS,
    /* The document is wrong; the text says how. */
    VIRT_SCHEMA_BROKEN,
    /* There is no such schema, or it is none; the text says why. */
    VIRT_SCHEMA_MISSING,
    /* There is no libxml2; the text says why. */
    VIRT_SCHEMA_NO_LIBRARY,
    VIRT_SCHEMA_NO_MEMORY,
} virt_schema_result;

/* Holds a document against the schema of a kind of document.
 *
 * Any thread may; one validates at a time. Schemas stay compiled. The text is terminated, cut off where it does not fit. */
virt_schema_result virt_schema_validate(const char *kind, const char *document, size_t length, char *text, size_t size);

#ifdef __cplusplus
}
#endif
#endif
