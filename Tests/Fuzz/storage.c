/* Documents of storage pools and volumes. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

void fuzz_pool(const char *text, size_t size)
{
    (void)size;
    virStoragePoolPtr made = virStoragePoolDefineXML(connection, text, 0);
    free(virConnectFindStoragePoolSources(connection, "netfs", text, 0));
    virResetLastError();
    if (made == NULL) {
        made = virStoragePoolDefineXML(connection, text, 0);
        MUST(made == NULL);
        refused();
        return;
    }
    char *first = virStoragePoolGetXMLDesc(made, VIR_STORAGE_XML_INACTIVE);
    MUST(first);
    virStoragePoolPtr again = virStoragePoolDefineXML(connection, first, 0);
    MUST(again);
    char *second = virStoragePoolGetXMLDesc(again, VIR_STORAGE_XML_INACTIVE);
    MUST(second && strcmp(first, second) == 0);
    if (virStoragePoolIsActive(again) == 0) {
        MUST(virStoragePoolCreate(again, 0) == 0);
        virStorageVolPtr volume = virStorageVolCreateXML(again, "<volume><name>v</name><capacity>1</capacity></volume>", 0);
        MUST(volume && virStorageVolDelete(volume, 0) == 0);
        virStorageVolFree(volume);
        MUST(virStoragePoolDestroy(again) == 0 && virStoragePoolUndefine(again) == 0);
    }
    free(first);
    free(second);
    virStoragePoolFree(again);
    virStoragePoolFree(made);
}

void fuzz_volume(const char *text, size_t size)
{
    (void)size;
    virStoragePoolPtr pool = virStoragePoolLookupByName(connection, "default-pool");
    MUST(pool);
    virStorageVolPtr made = virStorageVolCreateXML(pool, text, 0);
    if (made == NULL) {
        refused();
    } else {
        char *first = virStorageVolGetXMLDesc(made, 0);
        MUST(first && virStorageVolDelete(made, 0) == 0);
        virStorageVolPtr again = virStorageVolCreateXML(pool, first, 0);
        MUST(again);
        char *second = virStorageVolGetXMLDesc(again, 0);
        MUST(second && strcmp(first, second) == 0 && virStorageVolDelete(again, 0) == 0);
        free(first);
        free(second);
        virStorageVolFree(again);
        virStorageVolFree(made);
    }
    virStoragePoolInfo info;
    MUST(virStoragePoolGetInfo(pool, &info) == 0 && info.allocation == 0);
    virStoragePoolFree(pool);
}
