/* Documents and settings of one running domain: checkpoints, backups, devices, settings by their names. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char definition[] =
    "<domain type='test'><name>fuzz</name><memory>65536</memory><vcpu>2</vcpu><iothreads>1</iothreads><os><type>hvm</type></os><devices>"
    "<disk type='file' device='disk'><source file='/one'/><target dev='vda'/></disk>"
    "<disk type='file' device='cdrom'><source file='/two'/><target dev='hda'/></disk>"
    "<interface type='user'><mac address='52:54:00:00:00:01'/><target dev='tap0'/></interface>"
    "<graphics type='vnc' passwd='secret'/></devices></domain>";

/* A domain that runs, made anew when something ended it. */
static virDomainPtr running(void)
{
    static virDomainPtr made;
    if (made && virDomainIsActive(made) == 1)
        return made;
    if (made) {
        MUST(virDomainUndefineFlags(made, VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA) == 0);
        virDomainFree(made);
    }
    made = virDomainDefineXML(connection, definition);
    MUST(made);
    MUST(virDomainCreate(made) == 0);
    return made;
}

/* What the domain is described by must be a document that defines it. */
static void still_described(virDomainPtr guest)
{
    for (unsigned flags = VIR_DOMAIN_XML_SECURE; flags <= (VIR_DOMAIN_XML_SECURE | VIR_DOMAIN_XML_INACTIVE); flags += VIR_DOMAIN_XML_INACTIVE) {
        char *text = virDomainGetXMLDesc(guest, flags);
        MUST(text);
        virDomainPtr again = virDomainDefineXML(connection, text);
        MUST(again);
        virDomainFree(again);
        free(text);
    }
}

void fuzz_checkpoint(const char *text, size_t size)
{
    (void)size;
    virDomainPtr guest = running();
    virDomainCheckpointPtr made = virDomainCheckpointCreateXML(guest, text, 0);
    if (made == NULL) {
        refused();
        return;
    }
    char *first = virDomainCheckpointGetXMLDesc(made, VIR_DOMAIN_CHECKPOINT_XML_NO_DOMAIN);
    MUST(first && virDomainCheckpointDelete(made, 0) == 0);
    virDomainCheckpointFree(made);
    made = virDomainCheckpointCreateXML(guest, first, 0);
    MUST(made && virDomainCheckpointDelete(made, 0) == 0);
    virDomainCheckpointFree(made);
    free(first);
}

void fuzz_backup(const char *text, size_t size)
{
    (void)size;
    virDomainPtr guest = running();
    if (virDomainBackupBegin(guest, text, NULL, 0) < 0) {
        refused();
        return;
    }
    char *first = virDomainBackupGetXMLDesc(guest, 0);
    MUST(first && virDomainAbortJob(guest) == 0);
    free(first);
}

void fuzz_device(const char *text, size_t size)
{
    (void)size;
    virDomainPtr guest = running();
    for (unsigned flags = VIR_DOMAIN_AFFECT_LIVE; flags <= (VIR_DOMAIN_AFFECT_LIVE | VIR_DOMAIN_AFFECT_CONFIG); flags++) {
        bool isThere = virDomainAttachDeviceFlags(guest, text, flags) == 0;
        if (!isThere)
            refused();
        if (virDomainUpdateDeviceFlags(guest, text, flags) < 0)
            refused();
        still_described(guest);
        if (virDomainDetachDeviceFlags(guest, text, flags) < 0)
            refused();
    }
    if (virDomainDetachDeviceAlias(guest, text, VIR_DOMAIN_AFFECT_LIVE) < 0)
        refused();
    virDomainDestroy(guest);
}

/* The next line of `name type value`, as a parameter; NULL at the end. */
static const char *next(const char *line, virTypedParameter *parameter)
{
    char kind, value[64];
    while (*line) {
        const char *end = strchr(line, '\n');
        memset(parameter, 0, sizeof *parameter);
        int found = sscanf(line, "%79s %c %63[^\n]", parameter->field, &kind, value);
        line = end ? end + 1 : line + strlen(line);
        if (found != 3)
            continue;
        switch (kind) {
        case 'i': parameter->type = VIR_TYPED_PARAM_INT; parameter->value.i = (int)strtoll(value, NULL, 0); break;
        case 'u': parameter->type = VIR_TYPED_PARAM_UINT; parameter->value.ui = (unsigned)strtoull(value, NULL, 0); break;
        case 'l': parameter->type = VIR_TYPED_PARAM_LLONG; parameter->value.l = strtoll(value, NULL, 0); break;
        case 'L': parameter->type = VIR_TYPED_PARAM_ULLONG; parameter->value.ul = strtoull(value, NULL, 0); break;
        case 'd': parameter->type = VIR_TYPED_PARAM_DOUBLE; parameter->value.d = strtod(value, NULL); break;
        case 'b': parameter->type = VIR_TYPED_PARAM_BOOLEAN; parameter->value.b = (char)strtol(value, NULL, 0); break;
        default: parameter->type = VIR_TYPED_PARAM_STRING; parameter->value.s = strdup(value);
        }
        return line;
    }
    return NULL;
}

void fuzz_setting(const char *text, size_t size)
{
    (void)size;
    virDomainPtr guest = running();
    virTypedParameter parameters[8];
    int number = 0;
    for (const char *line = text; number < 8 && (line = next(line, &parameters[number])); number++)
        ;
    for (unsigned flags = VIR_DOMAIN_AFFECT_LIVE; flags <= (VIR_DOMAIN_AFFECT_LIVE | VIR_DOMAIN_AFFECT_CONFIG); flags++) {
        int results[] = {
            virDomainSetMemoryParameters(guest, parameters, number, flags), virDomainSetBlkioParameters(guest, parameters, number, flags),
            virDomainSetNumaParameters(guest, parameters, number, flags),
            virDomainSetSchedulerParametersFlags(guest, parameters, number, flags),
            virDomainSetInterfaceParameters(guest, "tap0", parameters, number, flags),
            virDomainSetBlockIoTune(guest, "vda", parameters, number, flags),
            virDomainSetPerfEvents(guest, parameters, number, flags), virDomainSetIOThreadParams(guest, 1, parameters, number, flags),
        };
        for (size_t index = 0; index < sizeof results / sizeof *results; index++)
            MUST(results[index] == 0 || results[index] == -1);
        virResetLastError();
        still_described(guest);
    }
    virTypedParamsClear(parameters, number);
    virDomainDestroy(guest);
}
