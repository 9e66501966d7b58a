/* Part S: as many objects as there can be. Runs on our library alone: the reference takes minutes to define them. */
#include "cases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FEW = 1000, MANY = 100000, SAMPLE = 1000 };

static int domains, networks, volumes, first_new;
static struct { char name[16]; unsigned char uuid[VIR_UUID_BUFLEN]; int id; } sample[SAMPLE];
static virStoragePoolPtr pool;

/* Defines domains until there are so many, all of them running, and chooses some that are far from each other. */
static void fill_domains(int count)
{
    for (; domains < count; domains++) {
        virDomainPtr one = virDomainDefineXML(connection, guest(minimal_guest, domains));
        REQUIRE(one && virDomainCreate(one) == 0);
        virDomainFree(one);
    }
    for (int i = 0; i < SAMPLE; i++) {
        snprintf(sample[i].name, sizeof sample[i].name, "small-%d", (int)((long)i * 7919 % count));
        virDomainPtr one = virDomainLookupByName(connection, sample[i].name);
        REQUIRE(one && virDomainGetUUID(one, sample[i].uuid) == 0);
        sample[i].id = (int)virDomainGetID(one);
        virDomainFree(one);
    }
    first_new = MANY;
}

static void few_domains(void) { fill_domains(FEW); }
static void many_domains(void) { fill_domains(MANY); }

static void define(long rounds)
{
    while (rounds--) {
        virDomainPtr one = virDomainDefineXML(connection, guest(minimal_guest, first_new + (int)(rounds % SAMPLE)));
        REQUIRE(one && virDomainUndefine(one) == 0);
        virDomainFree(one);
    }
}

static void by_name(long rounds)
{
    while (rounds--) {
        virDomainPtr one = virDomainLookupByName(connection, sample[rounds % SAMPLE].name);
        REQUIRE(one);
        virDomainFree(one);
    }
}

static void by_uuid(long rounds)
{
    while (rounds--) {
        virDomainPtr one = virDomainLookupByUUID(connection, sample[rounds % SAMPLE].uuid);
        REQUIRE(one);
        virDomainFree(one);
    }
}

static void by_id(long rounds)
{
    while (rounds--) {
        virDomainPtr one = virDomainLookupByID(connection, sample[rounds % SAMPLE].id);
        REQUIRE(one);
        virDomainFree(one);
    }
}

static void fill_networks(int count)
{
    for (; networks < count; networks++) {
        char text[128];
        snprintf(text, sizeof text, "<network><name>small-%d</name></network>", networks);
        virNetworkPtr one = virNetworkDefineXML(connection, text);
        REQUIRE(one);
        virNetworkFree(one);
    }
    for (int i = 0; i < SAMPLE; i++)
        snprintf(sample[i].name, sizeof sample[i].name, "small-%d", (int)((long)i * 7919 % count));
}

static void few_networks(void) { fill_networks(FEW); }
static void many_networks(void) { fill_networks(MANY); }

static void network_by_name(long rounds)
{
    while (rounds--) {
        virNetworkPtr one = virNetworkLookupByName(connection, sample[rounds % SAMPLE].name);
        REQUIRE(one);
        virNetworkFree(one);
    }
}

static void define_network(long rounds)
{
    while (rounds--) {
        char text[128];
        snprintf(text, sizeof text, "<network><name>new-%d</name></network>", (int)(rounds % SAMPLE));
        virNetworkPtr one = virNetworkDefineXML(connection, text);
        REQUIRE(one && virNetworkUndefine(one) == 0);
        virNetworkFree(one);
    }
}

static virStorageVolPtr make_volume(const char *kind, int number)
{
    char text[128];
    snprintf(text, sizeof text, "<volume><name>%s-%d</name><capacity unit='K'>1</capacity></volume>", kind, number);
    return virStorageVolCreateXML(pool, text, 0);
}

static void fill_volumes(int count)
{
    if (!pool)
        pool = virStoragePoolLookupByName(connection, "default-pool");
    REQUIRE(pool);
    for (; volumes < count; volumes++) {
        virStorageVolPtr one = make_volume("small", volumes);
        REQUIRE(one);
        virStorageVolFree(one);
    }
    for (int i = 0; i < SAMPLE; i++)
        snprintf(sample[i].name, sizeof sample[i].name, "small-%d", (int)((long)i * 7919 % count));
}

static void few_volumes(void) { fill_volumes(FEW); }
static void many_volumes(void) { fill_volumes(MANY); }

static void volume_by_name(long rounds)
{
    while (rounds--) {
        virStorageVolPtr one = virStorageVolLookupByName(pool, sample[rounds % SAMPLE].name);
        REQUIRE(one);
        virStorageVolFree(one);
    }
}

static void create_volume(long rounds)
{
    while (rounds--) {
        virStorageVolPtr one = make_volume("new", (int)(rounds % SAMPLE));
        REQUIRE(one && virStorageVolDelete(one, 0) == 0);
        virStorageVolFree(one);
    }
}

/* Each first with few, then with many. */
const struct benchmark scale_benchmarks[] = {
    { "S domain define, among few", few_domains, define, NULL, 1000, 100 },
    { "S domain lookup by name, among few", few_domains, by_name, NULL, 20000, 1000 },
    { "S domain lookup by UUID, among few", few_domains, by_uuid, NULL, 20000, 1000 },
    { "S domain lookup by id, among few", few_domains, by_id, NULL, 20000, 1000 },
    { "S domain define, among many", many_domains, define, NULL, 1000, 100 },
    { "S domain lookup by name, among many", many_domains, by_name, NULL, 20000, 1000 },
    { "S domain lookup by UUID, among many", many_domains, by_uuid, NULL, 20000, 1000 },
    { "S domain lookup by id, among many", many_domains, by_id, NULL, 20000, 1000 },
    { "S network define, among few", few_networks, define_network, NULL, 1000, 100 },
    { "S network lookup by name, among few", few_networks, network_by_name, NULL, 20000, 1000 },
    { "S network define, among many", many_networks, define_network, NULL, 1000, 100 },
    { "S network lookup by name, among many", many_networks, network_by_name, NULL, 20000, 1000 },
    { "S volume create, among few", few_volumes, create_volume, NULL, 1000, 100 },
    { "S volume lookup by name, among few", few_volumes, volume_by_name, NULL, 20000, 1000 },
    { "S volume create, among many", many_volumes, create_volume, NULL, 1000, 100 },
    { "S volume lookup by name, among many", many_volumes, volume_by_name, NULL, 20000, 1000 },
    { NULL, NULL, NULL, NULL, 0, 0 },
};
