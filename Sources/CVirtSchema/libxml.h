/* What is used of libxml2. It is not linked, so its headers are not needed either. */
#ifndef VIRT_SCHEMA_LIBXML_H
#define VIRT_SCHEMA_LIBXML_H

#include <stdbool.h>
#include <stddef.h>

/* How libxml2's errors begin; the layout is part of its ABI. */
struct libxml_error {
    int domain;
    int code;
    char *message;
    int level;
    char *file;
    int line;
    char *texts[3];
    int number;
    int column;
    void *context;
    void *node;
};

typedef void libxml_report(void *data, const struct libxml_error *error);

struct libxml {
    void (*init_parser)(void);
    void *(*new_parser)(void);
    void (*free_parser)(void *parser);
    void *(*read_memory)(void *parser, const char *bytes, int length, const char *name, const char *encoding, int options);
    void (*free_document)(void *document);
    long (*line)(const void *node);
    void *(*new_schema_parser)(const char *path);
    void (*free_schema_parser)(void *parser);
    void (*schema_parser_errors)(void *parser, libxml_report *report, void *data);
    void *(*parse_schema)(void *parser);
    void *(*new_validator)(void *schema);
    void (*free_validator)(void *validator);
    void (*validator_errors)(void *validator, libxml_report *report, void *data);
    int (*validate)(void *validator, void *document);
    void (*set_errors)(void *data, libxml_report *report);
};

/* Loads the library; NULL, with dlerror() saying why, when it is not there. */
const struct libxml *libxml_load(void);

#endif
