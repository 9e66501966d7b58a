/* Parts C and D: one domain, its getters and its XML. */
#include "cases.h"

#include <stdlib.h>
#include <string.h>

static virDomainPtr subject;        /* a defined domain that cases with their own guest work on */
static unsigned char uuid[VIR_UUID_BUFLEN];
static char uuid_text[VIR_UUID_STRING_BUFLEN];

static void lookup_name(long rounds)
{
    while (rounds--) {
        virDomainPtr found = virDomainLookupByName(connection, "test");
        REQUIRE(found);
        virDomainFree(found);
    }
}

static void keep_uuid(void)
{
    REQUIRE(virDomainGetUUID(domain, uuid) == 0 && virDomainGetUUIDString(domain, uuid_text) == 0);
}

static void lookup_uuid(long rounds)
{
    while (rounds--) {
        virDomainPtr found = virDomainLookupByUUID(connection, uuid);
        REQUIRE(found);
        virDomainFree(found);
    }
}

static void lookup_uuid_string(long rounds)
{
    while (rounds--) {
        virDomainPtr found = virDomainLookupByUUIDString(connection, uuid_text);
        REQUIRE(found);
        virDomainFree(found);
    }
}

static void lookup_id(long rounds)
{
    int id = (int)virDomainGetID(domain);
    while (rounds--) {
        virDomainPtr found = virDomainLookupByID(connection, id);
        REQUIRE(found);
        virDomainFree(found);
    }
}

static void name(long rounds) { while (rounds--) REQUIRE(virDomainGetName(domain)); }
static void identifier(long rounds) { while (rounds--) REQUIRE(virDomainGetID(domain) != (unsigned int)-1); }
static void uuid_string(long rounds) { while (rounds--) REQUIRE(virDomainGetUUIDString(domain, uuid_text) == 0); }
static void reference(long rounds) { while (rounds--) { virDomainRef(domain); virDomainFree(domain); } }
static void is_active(long rounds) { while (rounds--) REQUIRE(virDomainIsActive(domain) == 1); }
static void set_memory(long rounds) { while (rounds--) REQUIRE(virDomainSetMemory(domain, 2097152) == 0); }

static void information(long rounds)
{
    virDomainInfo info;
    while (rounds--)
        REQUIRE(virDomainGetInfo(domain, &info) == 0);
}

static void state(long rounds)
{
    int value, reason;
    while (rounds--)
        REQUIRE(virDomainGetState(domain, &value, &reason, 0) == 0);
}

static void suspend_resume(long rounds)
{
    while (rounds--)
        REQUIRE(virDomainSuspend(domain) == 0 && virDomainResume(domain) == 0);
}

static void missing(long rounds)
{
    while (rounds--) {
        REQUIRE(!virDomainLookupByName(connection, "no such domain"));
        REQUIRE(virGetLastError()->code == VIR_ERR_NO_DOMAIN);
    }
}

static void null_argument(long rounds)
{
    while (rounds--)
        REQUIRE(!virDomainLookupByName(connection, NULL) && virGetLastError()->code == VIR_ERR_INVALID_ARG);
}

static void description_of(virDomainPtr which)
{
    char *text = virDomainGetXMLDesc(which, 0);
    REQUIRE(text);
    free(text);
}

static void define_subject(const char *template)
{
    subject = virDomainDefineXML(connection, guest(template, 0));
    REQUIRE(subject);
    description_of(subject);
}

static void define_minimal(void) { define_subject(minimal_guest); }
static void define_rich(void) { define_subject(rich_guest); }

static void undefine_subject(void)
{
    REQUIRE(virDomainUndefine(subject) == 0);
    virDomainFree(subject);
}

static void description_repeated(long rounds) { while (rounds--) description_of(subject); }
static void description_default(long rounds) { while (rounds--) description_of(domain); }

static void description_changed(long rounds)
{
    while (rounds--) {
        REQUIRE(virDomainSetMemoryFlags(subject, 32768 + (unsigned long)(rounds & 1), VIR_DOMAIN_AFFECT_CONFIG) == 0);
        description_of(subject);
    }
}

static void define_undefine(const char *template, long rounds)
{
    while (rounds--) {
        virDomainPtr made = virDomainDefineXML(connection, guest(template, 1));
        REQUIRE(made);
        REQUIRE(virDomainUndefine(made) == 0);
        virDomainFree(made);
    }
}

static void define_undefine_minimal(long rounds) { define_undefine(minimal_guest, rounds); }
static void define_undefine_rich(long rounds) { define_undefine(rich_guest, rounds); }

static void create_destroy(long rounds)
{
    while (rounds--)
        REQUIRE(virDomainCreate(subject) == 0 && virDomainDestroy(subject) == 0);
}

static void metadata(long rounds)
{
    while (rounds--) {
        REQUIRE(virDomainSetMetadata(subject, VIR_DOMAIN_METADATA_TITLE, "a title", NULL, NULL, VIR_DOMAIN_AFFECT_CONFIG) == 0);
        char *text = virDomainGetMetadata(subject, VIR_DOMAIN_METADATA_TITLE, NULL, VIR_DOMAIN_AFFECT_CONFIG);
        REQUIRE(text);
        free(text);
    }
}

const struct benchmark domain_benchmarks[] = {
    { "C lookup by name and free", NULL, lookup_name, NULL, 50000, 1000 },
    { "C lookup by UUID and free", keep_uuid, lookup_uuid, NULL, 50000, 1000 },
    { "C lookup by UUID string and free", keep_uuid, lookup_uuid_string, NULL, 50000, 1000 },
    { "C lookup by id and free", NULL, lookup_id, NULL, 50000, 1000 },
    { "C name", NULL, name, NULL, 100000, 1000 },
    { "C id", NULL, identifier, NULL, 100000, 1000 },
    { "C UUID string", NULL, uuid_string, NULL, 100000, 1000 },
    { "C reference and free", NULL, reference, NULL, 100000, 1000 },
    { "C information", NULL, information, NULL, 100000, 1000 },
    { "C state", NULL, state, NULL, 100000, 1000 },
    { "C is active", NULL, is_active, NULL, 100000, 1000 },
    { "C set memory", NULL, set_memory, NULL, 50000, 500 },
    { "C suspend and resume", NULL, suspend_resume, NULL, 10000, 200 },
    { "C error: missing domain", NULL, missing, NULL, 50000, 500 },
    { "C error: NULL argument", NULL, null_argument, NULL, 50000, 500 },
    { "D description, default guest", NULL, description_default, NULL, 5000, 200 },
    { "D description after a change, minimal", define_minimal, description_changed, undefine_subject, 5000, 200 },
    { "D description after a change, rich", define_rich, description_changed, undefine_subject, 1000, 100 },
    { "D description repeated, minimal", define_minimal, description_repeated, undefine_subject, 5000, 200 },
    { "D description repeated, rich", define_rich, description_repeated, undefine_subject, 2000, 100 },
    { "D define and undefine, minimal", NULL, define_undefine_minimal, NULL, 1000, 50 },
    { "D define and undefine, rich", NULL, define_undefine_rich, NULL, 200, 20 },
    { "D create and destroy, minimal", define_minimal, create_destroy, undefine_subject, 1000, 50 },
    { "D create and destroy, rich", define_rich, create_destroy, undefine_subject, 200, 20 },
    { "D metadata set and get", define_minimal, metadata, undefine_subject, 5000, 200 },
    { NULL, NULL, NULL, NULL, 0, 0 },
};
