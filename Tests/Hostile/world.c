/* The objects that calls find: one of each class, all of them called "test"; in the world of the URI in VIRT_WORLD, if it is set. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "hostile.h"

#define UUID "6695eb01-f6a4-8304-79aa-97f2502e193f"

int threaded;
void *live[CLASSES], *stale[CLASSES];
static virConnectPtr sample;
/* A domain with snapshots has no checkpoints: they belong to this one; NULL when there are none. */
static virDomainPtr other;
static const char test_xml[] =
    "<domain type='test'><name>test</name><uuid>" UUID "</uuid><memory>8388608</memory><vcpu>2</vcpu><os><type>hvm</type></os></domain>";
static const char other_xml[] =
    "<domain type='test'><name>other</name><uuid>6695eb01-f6a4-8304-79aa-97f2502e1940</uuid><memory>65536</memory><os><type>hvm</type></os><devices><disk type='file'>"
    "<driver type='qcow2'/><source file='/a'/><target dev='vda' bus='virtio'/></disk></devices></domain>";

const char *const good_texts[TEXT_SORTS] = {
    [TEXT_UUID] = UUID,
    [TEXT_URI] = "test:///default",
    [TEXT_PATH] = "/nowhere/at/all",
    [TEXT_NAME] = "test",
    [TEXT_OTHER] = "text",
    [TEXT_DOMAIN_XML] = "<domain type='test'><name>t</name><memory>65536</memory><vcpu>2</vcpu><os><type>hvm</type></os></domain>",
    [TEXT_DEVICE_XML] = "<disk type='file'><source file='/b'/><target dev='vdb' bus='virtio'/></disk>",
    [TEXT_SNAPSHOT_XML] = "<domainsnapshot><name>test</name></domainsnapshot>",
    [TEXT_CHECKPOINT_XML] = "<domaincheckpoint><name>test</name></domaincheckpoint>",
    [TEXT_BACKUP_XML] = "<domainbackup/>",
    [TEXT_PROCESSOR_XML] = "<cpu><arch>x86_64</arch><model>EPYC</model></cpu>",
    [TEXT_NETWORK_XML] = "<network><name>test</name><uuid>" UUID "</uuid><ip address='10.9.0.1' prefix='24'/></network>",
    [TEXT_PORT_XML] = "<networkport><uuid>" UUID "</uuid><owner><name>test</name><uuid>" UUID "</uuid></owner><mac address='52:54:00:00:00:02'/></networkport>",
    [TEXT_INTERFACE_XML] = "<interface type='ethernet' name='test'><start mode='none'/></interface>",
    [TEXT_POOL_XML] = "<pool type='dir'><name>test</name><uuid>" UUID "</uuid><target><path>/pool</path></target></pool>",
    [TEXT_VOLUME_XML] = "<volume><name>test</name><capacity>4096</capacity></volume>",
    [TEXT_NODE_DEVICE_XML] =
        "<device><parent>scsi_host1</parent><capability type='scsi_host'><capability type='fc_host'>"
        "<wwnn>2000000012341234</wwnn><wwpn>1000000012341234</wwpn></capability></capability></device>",
    [TEXT_SECRET_XML] = "<secret><uuid>" UUID "</uuid><usage type='ceph'><name>test</name></usage></secret>",
    [TEXT_FILTER_XML] = "<filter name='test'><uuid>" UUID "</uuid><rule action='drop' direction='in'/></filter>",
    [TEXT_BINDING_XML] =
        "<filterbinding><owner><name>test</name><uuid>" UUID "</uuid></owner><portdev name='test'/>"
        "<mac address='52:54:00:00:00:01'/><filterref filter='test'/></filterbinding>",
};

/* A new handle of a class. */
static void *look_up(int class) {
    virConnectPtr connection = live[CLASS_CONNECTION];
    switch (class) {
    case CLASS_CONNECTION: return CALL(virConnectOpen)("test:///default");
    case CLASS_STREAM: return CALL(virStreamNew)(connection, threaded ? VIR_STREAM_NONBLOCK : 0);
    case CLASS_DOMAIN: return CALL(virDomainLookupByName)(connection, "test");
    case CLASS_DOMAIN_SNAPSHOT: return CALL(virDomainSnapshotLookupByName)(live[CLASS_DOMAIN], "test", 0);
    case CLASS_DOMAIN_CHECKPOINT: return CALL(virDomainCheckpointLookupByName)(other, "test", 0);
    case CLASS_INTERFACE: return CALL(virInterfaceLookupByName)(connection, "test");
    case CLASS_NETWORK: return CALL(virNetworkLookupByName)(connection, "test");
    case CLASS_NETWORK_PORT: return CALL(virNetworkPortLookupByUUIDString)(live[CLASS_NETWORK], UUID);
    case CLASS_STORAGE_POOL: return CALL(virStoragePoolLookupByName)(connection, "test");
    case CLASS_STORAGE_VOLUME: return CALL(virStorageVolLookupByName)(live[CLASS_STORAGE_POOL], "test");
    case CLASS_NODE_DEVICE: return CALL(virNodeDeviceLookupByName)(connection, "scsi_host1");
    case CLASS_SECRET: return CALL(virSecretLookupByUUIDString)(connection, UUID);
    case CLASS_NWFILTER: return CALL(virNWFilterLookupByName)(connection, "test");
    case CLASS_NWFILTER_BINDING: return CALL(virNWFilterBindingLookupByPortDev)(connection, "test");
    default: return NULL;
    }
}

/* Makes the object of a class; NULL when there is none. */
static void *make_object(int class) {
    virConnectPtr connection = live[CLASS_CONNECTION];
    virDomainPtr domain = live[CLASS_DOMAIN];
    const char *const *xml = good_texts;
    /* What the reference's driver has not cannot be compared. */
    if (mild && (class == CLASS_DOMAIN_CHECKPOINT || class == CLASS_NETWORK_PORT || class == CLASS_SECRET ||
                 class == CLASS_NWFILTER || class == CLASS_NWFILTER_BINDING))
        return NULL;
    switch (class) {
    case CLASS_CONNECTION: return getenv("VIRT_WORLD") ? CALL(virConnectOpen)(getenv("VIRT_WORLD")) : look_up(class);
    case CLASS_DOMAIN_SNAPSHOT: return CALL(virDomainSnapshotCreateXML)(domain, xml[TEXT_SNAPSHOT_XML], 0);
    case CLASS_DOMAIN_CHECKPOINT: return CALL(virDomainCheckpointCreateXML)(other, xml[TEXT_CHECKPOINT_XML], 0);
    case CLASS_INTERFACE: return CALL(virInterfaceDefineXML)(connection, xml[TEXT_INTERFACE_XML], 0);
    case CLASS_NETWORK: return CALL(virNetworkCreateXML)(connection, xml[TEXT_NETWORK_XML]);
    case CLASS_NETWORK_PORT: return CALL(virNetworkPortCreateXML)(live[CLASS_NETWORK], xml[TEXT_PORT_XML], 0);
    case CLASS_STORAGE_POOL: return CALL(virStoragePoolCreateXML)(connection, xml[TEXT_POOL_XML], 0);
    case CLASS_STORAGE_VOLUME: return CALL(virStorageVolCreateXML)(live[CLASS_STORAGE_POOL], xml[TEXT_VOLUME_XML], 0);
    case CLASS_SECRET: return CALL(virSecretDefineXML)(connection, xml[TEXT_SECRET_XML], 0);
    case CLASS_NWFILTER: return CALL(virNWFilterDefineXML)(connection, xml[TEXT_FILTER_XML]);
    case CLASS_NWFILTER_BINDING: return CALL(virNWFilterBindingCreateXML)(connection, xml[TEXT_BINDING_XML], 0);
    default: return look_up(class);
    }
}

/* In this order they are made; each is below one that comes before it. */
static const int order[] = {
    CLASS_CONNECTION, CLASS_DOMAIN, CLASS_DOMAIN_SNAPSHOT, CLASS_DOMAIN_CHECKPOINT, CLASS_STREAM, CLASS_INTERFACE, CLASS_NETWORK,
    CLASS_NETWORK_PORT, CLASS_STORAGE_POOL, CLASS_STORAGE_VOLUME, CLASS_NODE_DEVICE, CLASS_SECRET, CLASS_NWFILTER,
    CLASS_NWFILTER_BINDING,
};
enum { CLASSES_MADE = sizeof(order) / sizeof(order[0]) };

/* The function of a class with one of these endings. */
static release *function_of(int class, const char *ending, const char *other) {
    char name[64];
    snprintf(name, sizeof(name), "%s%s", class_handles[class], ending);
    release *found = (release *)find(name);
    if (found || !other) return found;
    snprintf(name, sizeof(name), "%s%s", class_handles[class], other);
    return (release *)find(name);
}

static void release_handle(int class, void *handle) { function_of(class, "Free", "Close")(handle); }

static void need(const void *handle, const char *what) {
    if (handle) return;
    fprintf(stderr, "hostile: there is no %s: %s\n", what, CALL(virGetLastErrorMessage)());
    exit(2);
}

void make_world(int has_sample) {
    memset(live, 0, sizeof(live));
    memset(stale, 0, sizeof(stale));
    other = NULL;
    for (int i = 0; i < CLASSES_MADE; i++) {
        live[order[i]] = make_object(order[i]);
        if (order[i] == CLASS_CONNECTION && !mild) other = CALL(virDomainCreateXML)(live[CLASS_CONNECTION], other_xml, 0);
        if (!mild) need(live[order[i]], class_names[order[i]]);
    }
    need(live[CLASS_CONNECTION], "connection");
    sample = NULL;
    if (has_sample) {
        need(sample = CALL(virConnectOpen)("sample:///"), "sample driver");
        release_handle(CLASS_NETWORK, live[CLASS_NETWORK]);
        need(live[CLASS_NETWORK] = CALL(virNetworkLookupByName)(sample, "sample-net"), "network 'sample-net'");
    }
    if (mild) return;
    for (int i = 0; i < CLASSES_MADE; i++) {
        if (has_sample && order[i] == CLASS_NETWORK_PORT) continue;
        need(stale[order[i]] = look_up(order[i]), class_names[order[i]]);
    }
    for (int i = CLASSES_MADE; i-- > 0;)
        if (stale[order[i]]) release_handle(order[i], stale[order[i]]);
}

void give_up(struct value *value, int class) {
    if (value->pointer && value->pointer == live[class]) release_handle(class, value->pointer);
}

void take_one_more(int class) { function_of(class, "Ref", NULL)(live[class]); }

void renew_world(void) {
    virConnectPtr connection = live[CLASS_CONNECTION];
    const char *const documents[] = {test_xml, other_xml};
    for (int i = 0; i < 2; i++) {
        virDomainPtr domain = CALL(virDomainDefineXML)(connection, documents[i]);
        if (!domain) continue;
        CALL(virDomainCreate)(domain);
        CALL(virDomainFree)(domain);
    }
    for (int i = 0; i < CLASSES_MADE; i++) {
        void *made = order[i] == CLASS_CONNECTION || order[i] == CLASS_STREAM ? NULL : make_object(order[i]);
        if (made) release_handle(order[i], made);
    }
}

void end_world(void) {
    for (int i = CLASSES_MADE; i-- > 0;)
        if (live[order[i]]) release_handle(order[i], live[order[i]]);
    if (other) CALL(virDomainFree)(other);
    if (sample) CALL(virConnectClose)(sample);
}
