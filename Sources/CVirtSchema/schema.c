#include "virt-schema.h"

#include "folder.h"
#include "libxml.h"
#include "virt-lock.h"
#include "virt-runtime.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* XML_PARSE_NOERROR, _NOWARNING, _NONET and _BIG_LINES. */
#define PARSE_OPTIONS (1 << 5 | 1 << 6 | 1 << 11 | 1 << 22)
/* There are fewer kinds of documents. */
#define SCHEMA_LIMIT 32

/* Compiled schemas, by path; libxml2's own state is guarded with them. */
static struct {
    char *path;
    void *schema;
} known[SCHEMA_LIMIT];
static virt_lock_word lock;

/* Where what is wrong is written to. */
struct report {
    const struct libxml *library;
    char *text;
    size_t size;
    size_t length;
};

static void add(struct report *report, const char *line, long number)
{
    size_t length = strlen(line);
    while (length > 0 && (line[length - 1] == '\n' || line[length - 1] == ' '))
        length--;
    char place[40] = "";
    if (number > 0)
        snprintf(place, sizeof place, " (line %ld)", number);
    if (report->length < report->size) {
        int added = snprintf(report->text + report->length, report->size - report->length, "%s%.*s%s", report->length == 0 ? "" : "\n",
                             (int)length, line, place);
        report->length += added > 0 ? (size_t)added : 0;
    }
}

static void note(void *data, const struct libxml_error *error)
{
    struct report *report = data;
    long line = error->line;
    /* Behind a node is where it stands, also behind line 65,535. */
    if (error->node != NULL)
        line = report->library->line(error->node);
    if (error->message != NULL)
        add(report, error->message, line);
}

static void *compile(const struct libxml *library, const char *path, struct report *report)
{
    size_t place = 0;
    for (; place < SCHEMA_LIMIT && known[place].path != NULL; place++)
        if (strcmp(known[place].path, path) == 0)
            return known[place].schema;
    void *parser = library->new_schema_parser(path);
    if (parser == NULL)
        return NULL;
    library->schema_parser_errors(parser, note, report);
    library->set_errors(report, note);
    void *schema = library->parse_schema(parser);
    library->set_errors(NULL, NULL);
    library->free_schema_parser(parser);
    if (schema != NULL && place < SCHEMA_LIMIT) {
        known[place].path = strdup(path);
        known[place].schema = schema;
    }
    return schema;
}

static virt_schema_result validate(const struct libxml *library, void *schema, const char *document, int length, struct report *report)
{
    virt_schema_result result = VIRT_SCHEMA_NO_MEMORY;
    void *parser = library->new_parser();
    void *tree = parser != NULL ? library->read_memory(parser, document, length, NULL, NULL, PARSE_OPTIONS) : NULL;
    void *validator = tree != NULL ? library->new_validator(schema) : NULL;
    if (validator != NULL) {
        library->validator_errors(validator, note, report);
        int status = library->validate(validator, tree);
        result = status == 0 ? VIRT_SCHEMA_FOLLOWS : status > 0 ? VIRT_SCHEMA_BROKEN : VIRT_SCHEMA_NO_MEMORY;
        library->free_validator(validator);
    } else if (parser != NULL && tree == NULL) {
        add(report, "libxml2 refuses the document", 0);
        result = VIRT_SCHEMA_BROKEN;
    }
    if (tree != NULL)
        library->free_document(tree);
    if (parser != NULL)
        library->free_parser(parser);
    return result;
}

virt_schema_result virt_schema_validate(const char *kind, const char *document, size_t length, char *text, size_t size)
{
    char path[PATH_MAX];
    *text = '\0';
    if (!virt_schema_find(kind, path, sizeof path)) {
        snprintf(text, size, "%s cannot be read", path);
        return VIRT_SCHEMA_MISSING;
    }
    if (length > INT_MAX)
        return VIRT_SCHEMA_NO_MEMORY;
    virt_schema_result result;
    virt_lock_acquire(&lock);
    const struct libxml *library = libxml_load();
    if (library == NULL) {
        const char *reason = dlerror();
        snprintf(text, size, "%s", reason != NULL ? reason : "libxml2 lacks a function");
        result = VIRT_SCHEMA_NO_LIBRARY;
    } else {
        struct report report = {library, text, size, 0};
        void *schema = compile(library, path, &report);
        if (schema == NULL) {
            add(&report, path, 0);
            result = VIRT_SCHEMA_MISSING;
        } else {
            result = validate(library, schema, document, (int)length, &report);
        }
    }
    virt_lock_release(&lock);
    return result;
}
