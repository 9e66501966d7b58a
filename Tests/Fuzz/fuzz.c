/* Fuzzing what comes from outside as text or file; libFuzzer's main, the library instrumented.
 *
 * FUZZ_TARGET names what the input is, one of those in `targets`; FUZZ_SYSCONFDIR is the SYSCONFDIR the library was built with.
 * More than "it does not crash" is asked: what the library wrote itself it must read again, to the same text, and every refusal says why. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include "fuzz.h"
#include "virt-process.h"

virConnectPtr connection;
static virDomainPtr guest;
static char folder[] = "/tmp/fuzz-XXXXXX", file[4096];

void broken(const char *what, const char *where, int line)
{
    fprintf(stderr, "%s:%d: not so: %s\nlast error: %s\n", where, line, what, virGetLastErrorMessage());
    abort();
}

static void silent(void *opaque, virErrorPtr error)
{
    (void)opaque;
    (void)error;
}

void refused(void)
{
    virErrorPtr error = virGetLastError();
    MUST(error && error->code != VIR_ERR_OK && error->message && error->message[0]);
    virResetLastError();
}

static void fuzz_domain(const char *text, size_t size)
{
    (void)size;
    virDomainPtr made = virDomainDefineXML(connection, text);
    if (made == NULL) {
        refused();
        return;
    }
    char *first = virDomainGetXMLDesc(made, VIR_DOMAIN_XML_SECURE);
    MUST(first);
    virDomainPtr again = virDomainDefineXML(connection, first);
    MUST(again);
    char *second = virDomainGetXMLDesc(again, VIR_DOMAIN_XML_SECURE);
    MUST(second && strcmp(first, second) == 0);
    free(first);
    free(second);
    if (virDomainCreate(made) == 0)
        virDomainDestroy(made);
    virDomainFree(again);
    if (strcmp(virDomainGetName(made), "test") != 0)
        MUST(virDomainUndefine(made) == 0);
    virDomainFree(made);
}

static void fuzz_snapshot(const char *text, size_t size)
{
    (void)size;
    for (int redefine = 0; redefine < 2; redefine++) {
        virDomainSnapshotPtr made = virDomainSnapshotCreateXML(guest, text, redefine ? VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE : 0);
        if (made == NULL) {
            refused();
            continue;
        }
        char *written = virDomainSnapshotGetXMLDesc(made, 0);
        MUST(written);
        virDomainSnapshotPtr again = virDomainSnapshotCreateXML(guest, written, VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE);
        MUST(again);
        char *second = virDomainSnapshotGetXMLDesc(again, 0);
        MUST(second && strcmp(written, second) == 0);
        free(written);
        free(second);
        virDomainSnapshotFree(again);
        MUST(virDomainSnapshotDelete(made, 0) == 0);
        virDomainSnapshotFree(made);
    }
}

static void fuzz_metadata(const char *text, size_t size)
{
    (void)size;
    if (virDomainSetMetadata(guest, VIR_DOMAIN_METADATA_ELEMENT, text, "key", "urn:fuzz", 0) < 0) {
        refused();
        return;
    }
    char *kept = virDomainGetMetadata(guest, VIR_DOMAIN_METADATA_ELEMENT, "urn:fuzz", 0);
    MUST(kept);
    char *whole = virDomainGetXMLDesc(guest, 0);
    MUST(whole);
    free(kept);
    free(whole);
    MUST(virDomainSetMetadata(guest, VIR_DOMAIN_METADATA_ELEMENT, NULL, NULL, "urn:fuzz", 0) == 0);
}

static void fuzz_network(const char *text, size_t size)
{
    (void)size;
    virNetworkPtr made = virNetworkDefineXML(connection, text);
    if (made == NULL) {
        refused();
    } else {
        char *first = virNetworkGetXMLDesc(made, 0);
        MUST(first);
        virNetworkPtr again = virNetworkDefineXML(connection, first);
        MUST(again);
        char *second = virNetworkGetXMLDesc(again, VIR_NETWORK_XML_INACTIVE);
        MUST(second && (virNetworkIsActive(made) == 1 || strcmp(first, second) == 0));
        free(first);
        free(second);
        virNetworkFree(again);
        if (virNetworkIsActive(made) == 0)
            MUST(virNetworkUndefine(made) == 0);
        virNetworkFree(made);
    }
    /* The same as the change of a part: the first bytes choose which. */
    virNetworkPtr changed = virNetworkLookupByName(connection, "default");
    MUST(changed);
    if (size > 2) {
        int section = (unsigned char)text[0] % VIR_NETWORK_SECTION_LAST, command = (unsigned char)text[1] % VIR_NETWORK_UPDATE_COMMAND_LAST;
        if (virNetworkUpdate(changed, (unsigned)command, (unsigned)section, -1, text + 2, VIR_NETWORK_UPDATE_AFFECT_CONFIG) < 0)
            refused();
        char *written = virNetworkGetXMLDesc(changed, VIR_NETWORK_XML_INACTIVE);
        MUST(written);
        virNetworkPtr again = virNetworkDefineXML(connection, written);
        MUST(again);
        free(written);
        virNetworkFree(again);
    }
    virNetworkFree(changed);
}

static void fuzz_port(const char *text, size_t size)
{
    (void)size;
    virNetworkPtr network = virNetworkLookupByName(connection, "default");
    MUST(network);
    virNetworkPortPtr made = virNetworkPortCreateXML(network, text, 0);
    if (made == NULL) {
        refused();
    } else {
        char *first = virNetworkPortGetXMLDesc(made, 0);
        MUST(first && virNetworkPortDelete(made, 0) == 0);
        virNetworkPortPtr again = virNetworkPortCreateXML(network, first, 0);
        MUST(again);
        char *second = virNetworkPortGetXMLDesc(again, 0);
        MUST(second && strcmp(first, second) == 0 && virNetworkPortDelete(again, 0) == 0);
        free(first);
        free(second);
        virNetworkPortFree(again);
        virNetworkPortFree(made);
    }
    virNetworkFree(network);
}

static void fuzz_interface(const char *text, size_t size)
{
    (void)size;
    virInterfacePtr made = virInterfaceDefineXML(connection, text, 0);
    if (made == NULL) {
        refused();
        return;
    }
    char *first = virInterfaceGetXMLDesc(made, 0);
    MUST(first);
    virInterfacePtr again = virInterfaceDefineXML(connection, first, 0);
    MUST(again);
    char *second = virInterfaceGetXMLDesc(again, 0);
    MUST(second && strcmp(first, second) == 0 && virInterfaceUndefine(again) == 0);
    free(first);
    free(second);
    virInterfaceFree(again);
    virInterfaceFree(made);
}

static void fuzz_secret(const char *text, size_t size)
{
    (void)size;
    virSecretPtr made = virSecretDefineXML(connection, text, 0);
    if (made == NULL) {
        refused();
        return;
    }
    char *first = virSecretGetXMLDesc(made, 0);
    MUST(first);
    virSecretPtr again = virSecretDefineXML(connection, first, 0);
    MUST(again);
    char *second = virSecretGetXMLDesc(again, 0);
    MUST(second && strcmp(first, second) == 0 && virSecretUndefine(again) == 0);
    free(first);
    free(second);
    virSecretFree(again);
    virSecretFree(made);
}

static void fuzz_filter(const char *text, size_t size)
{
    (void)size;
    virNWFilterPtr made = virNWFilterDefineXML(connection, text);
    if (made == NULL) {
        refused();
        return;
    }
    char *first = virNWFilterGetXMLDesc(made, 0);
    MUST(first);
    virNWFilterPtr again = virNWFilterDefineXML(connection, first);
    MUST(again);
    char *second = virNWFilterGetXMLDesc(again, 0);
    MUST(second && strcmp(first, second) == 0 && virNWFilterUndefine(again) == 0);
    free(first);
    free(second);
    virNWFilterFree(again);
    virNWFilterFree(made);
}

static void fuzz_binding(const char *text, size_t size)
{
    (void)size;
    virNWFilterBindingPtr made = virNWFilterBindingCreateXML(connection, text, 0);
    if (made == NULL) {
        refused();
        return;
    }
    char *first = virNWFilterBindingGetXMLDesc(made, 0);
    MUST(first && virNWFilterBindingDelete(made) == 0);
    virNWFilterBindingPtr again = virNWFilterBindingCreateXML(connection, first, 0);
    MUST(again);
    char *second = virNWFilterBindingGetXMLDesc(again, 0);
    MUST(second && strcmp(first, second) == 0 && virNWFilterBindingDelete(again) == 0);
    free(first);
    free(second);
    virNWFilterBindingFree(again);
    virNWFilterBindingFree(made);
}

static void write_file(const char *text, size_t size)
{
    int descriptor = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (descriptor < 0 || write(descriptor, text, size) != (ssize_t)size)
        abort();
    close(descriptor);
}

static void fuzz_world(const char *text, size_t size)
{
    char uri[sizeof file + 8];
    write_file(text, size);
    snprintf(uri, sizeof uri, "test://%s", file);
    virConnectPtr mine = virConnectOpen(uri);
    if (mine == NULL) {
        refused();
        return;
    }
    virDomainPtr *all = NULL;
    int count = virConnectListAllDomains(mine, &all, 0);
    MUST(count >= 0);
    for (int index = 0; index < count; index++) {
        char *written = virDomainGetXMLDesc(all[index], 0);
        MUST(written);
        free(written);
        virDomainFree(all[index]);
    }
    free(all);
    virConnectClose(mine);
}

static void open_and_close(const char *uri)
{
    virConnectPtr mine = virConnectOpen(uri);
    if (mine == NULL) {
        refused();
        return;
    }
    char *own = virConnectGetURI(mine);
    MUST(own);
    free(own);
    virConnectClose(mine);
}

static void fuzz_uri(const char *text, size_t size)
{
    (void)size;
    open_and_close(text);
}

static void fuzz_configuration(const char *text, size_t size)
{
    write_file(text, size);
    open_and_close("alias");
}

static void fuzz_plugin(const char *text, size_t size)
{
    int descriptor = memfd_create("plugin", MFD_CLOEXEC);
    if (descriptor < 0 || write(descriptor, text, size) != (ssize_t)size)
        abort();
    char note[256];
    size_t length = 0;
    const char *reason = NULL;
    if (virt_note_read(descriptor, "VIRTDRV", 1, note, sizeof note, &length, &reason) == VIRT_NOTE_FOUND)
        MUST(length <= sizeof note);
    close(descriptor);
}

static const struct {
    const char *name;
    void (*run)(const char *text, size_t size);
} targets[] = {
    { "domain", fuzz_domain },   { "snapshot", fuzz_snapshot },           { "metadata", fuzz_metadata },
    { "network", fuzz_network }, { "port", fuzz_port },                   { "interface", fuzz_interface },
    { "secret", fuzz_secret },   { "filter", fuzz_filter },               { "binding", fuzz_binding },
    { "pool", fuzz_pool },       { "volume", fuzz_volume },               { "checkpoint", fuzz_checkpoint },
    { "backup", fuzz_backup },   { "device", fuzz_device },               { "setting", fuzz_setting },
    { "world", fuzz_world },     { "configuration", fuzz_configuration }, { "plugin", fuzz_plugin },
    { "uri", fuzz_uri },
};
static void (*target)(const char *text, size_t size);

int LLVMFuzzerInitialize(int *count, char ***words);
int LLVMFuzzerInitialize(int *count, char ***words)
{
    (void)count;
    (void)words;
    const char *wanted = getenv("FUZZ_TARGET");
    for (size_t index = 0; wanted && index < sizeof targets / sizeof *targets; index++)
        if (strcmp(targets[index].name, wanted) == 0)
            target = targets[index].run;
    MUST(target);
    virSetErrorFunc(NULL, silent);
    if (mkdtemp(folder) == NULL)
        abort();
    /* Root's configuration is where the library was built for; anybody else's is the home's. */
    const char *configuration = geteuid() == 0 ? getenv("FUZZ_SYSCONFDIR") : folder;
    MUST(target != fuzz_configuration || configuration);
    setenv("XDG_CONFIG_HOME", folder, 1);
    if (configuration) {
        snprintf(file, sizeof file, "%s/libvirt", configuration);
        if (mkdir(file, 0700) != 0 && errno != EEXIST)
            abort();
        strcat(file, "/libvirt.conf");
        /* What an earlier run left. */
        unlink(file);
    }
    if (target != fuzz_configuration)
        snprintf(file, sizeof file, "%s/world.xml", folder);
    connection = virConnectOpen("test:///default");
    MUST(connection);
    guest = virDomainLookupByName(connection, "test");
    MUST(guest);
    return 0;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    char *text = malloc(size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    target(text, size);
    free(text);
    return 0;
}
