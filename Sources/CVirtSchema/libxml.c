#include "libxml.h"

#include <dlfcn.h>

const struct libxml *libxml_load(void)
{
    /* Under the lock of the caller. */
    static struct libxml library;
    static bool is_loaded;
    if (is_loaded)
        return &library;
    void *handle = dlopen("libxml2.so.2", RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL)
        return NULL;
    const struct {
        void **function;
        const char *name;
    } functions[] = {
        {(void **)&library.init_parser, "xmlInitParser"},
        {(void **)&library.new_parser, "xmlNewParserCtxt"},
        {(void **)&library.free_parser, "xmlFreeParserCtxt"},
        {(void **)&library.read_memory, "xmlCtxtReadMemory"},
        {(void **)&library.free_document, "xmlFreeDoc"},
        {(void **)&library.line, "xmlGetLineNo"},
        {(void **)&library.new_schema_parser, "xmlRelaxNGNewParserCtxt"},
        {(void **)&library.free_schema_parser, "xmlRelaxNGFreeParserCtxt"},
        {(void **)&library.schema_parser_errors, "xmlRelaxNGSetParserStructuredErrors"},
        {(void **)&library.parse_schema, "xmlRelaxNGParse"},
        {(void **)&library.new_validator, "xmlRelaxNGNewValidCtxt"},
        {(void **)&library.free_validator, "xmlRelaxNGFreeValidCtxt"},
        {(void **)&library.validator_errors, "xmlRelaxNGSetValidStructuredErrors"},
        {(void **)&library.validate, "xmlRelaxNGValidateDoc"},
        {(void **)&library.set_errors, "xmlSetStructuredErrorFunc"},
    };
    for (size_t index = 0; index < sizeof functions / sizeof *functions; index++) {
        *functions[index].function = dlsym(handle, functions[index].name);
        if (*functions[index].function == NULL)
            return NULL;
    }
    library.init_parser();
    is_loaded = true;
    return &library;
}
