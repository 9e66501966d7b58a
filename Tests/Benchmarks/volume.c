/* Part V: storage volumes. */
#include "cases.h"

#include <stdio.h>
#include <stdlib.h>

enum { VOLUMES = 1000 };
static virStoragePoolPtr pool;
static virStorageVolPtr volumes[VOLUMES];
static char names[VOLUMES][16], paths[VOLUMES][32];

static void open_pool(void)
{
    pool = virStoragePoolLookupByName(connection, "default-pool");
    REQUIRE(pool);
}

static void close_pool(void)
{
    virStoragePoolFree(pool);
}

static void create(void)
{
    for (int number = 0; number < VOLUMES; number++) {
        char text[128];
        snprintf(text, sizeof text, "<volume><name>v%d</name><capacity unit='K'>1</capacity></volume>", number);
        volumes[number] = virStorageVolCreateXML(pool, text, 0);
        REQUIRE(volumes[number]);
    }
}

static void delete(void)
{
    for (int number = 0; number < VOLUMES; number++) {
        REQUIRE(virStorageVolDelete(volumes[number], 0) == 0);
        virStorageVolFree(volumes[number]);
    }
}

static void prepare(void)
{
    open_pool();
    create();
    for (int number = 0; number < VOLUMES; number++) {
        snprintf(names[number], sizeof names[number], "v%d", number);
        snprintf(paths[number], sizeof paths[number], "/default-pool/v%d", number);
    }
}

static void finish(void)
{
    delete();
    close_pool();
}

static void create_delete(long rounds)
{
    while (rounds--) {
        create();
        delete();
    }
}

static void by_name(long rounds)
{
    while (rounds--)
        for (int number = 0; number < VOLUMES; number++) {
            virStorageVolPtr found = virStorageVolLookupByName(pool, names[number]);
            REQUIRE(found);
            virStorageVolFree(found);
        }
}

static void by(virStorageVolPtr (*look_up)(virConnectPtr, const char *), long rounds)
{
    while (rounds--)
        for (int number = 0; number < VOLUMES; number++) {
            virStorageVolPtr found = look_up(connection, paths[number]);
            REQUIRE(found);
            virStorageVolFree(found);
        }
}

static void by_key(long rounds)
{
    by(virStorageVolLookupByKey, rounds);
}

static void by_path(long rounds)
{
    by(virStorageVolLookupByPath, rounds);
}

static void list_all(long rounds)
{
    while (rounds--) {
        virStorageVolPtr *all;
        int count = virStoragePoolListAllVolumes(pool, &all, 0);
        REQUIRE(count == VOLUMES);
        for (int number = 0; number < count; number++)
            virStorageVolFree(all[number]);
        free(all);
    }
}

static void list_names(long rounds)
{
    while (rounds--) {
        char *all[VOLUMES];
        int count = virStoragePoolListVolumes(pool, all, VOLUMES);
        REQUIRE(count == VOLUMES);
        while (count > 0)
            free(all[--count]);
    }
}

static void information(long rounds)
{
    while (rounds--)
        for (int number = 0; number < VOLUMES; number++) {
            virStorageVolInfo info;
            REQUIRE(virStorageVolGetInfo(volumes[number], &info) == 0);
        }
}

static void descriptions(long rounds)
{
    while (rounds--)
        for (int number = 0; number < VOLUMES; number++) {
            char *text = virStorageVolGetXMLDesc(volumes[number], 0);
            REQUIRE(text);
            free(text);
        }
}

static void pool_description(long rounds)
{
    while (rounds--) {
        char *text = virStoragePoolGetXMLDesc(pool, 0);
        REQUIRE(text);
        free(text);
    }
}

static void define_undefine_pools(long rounds)
{
    while (rounds--) {
        static virStoragePoolPtr pools[100];
        for (int number = 0; number < 100; number++) {
            char text[192];
            snprintf(text, sizeof text, "<pool type='dir'><name>p%d</name><target><path>/pools/%d</path></target></pool>", number, number);
            pools[number] = virStoragePoolDefineXML(connection, text, 0);
            REQUIRE(pools[number]);
        }
        for (int number = 0; number < 100; number++) {
            REQUIRE(virStoragePoolUndefine(pools[number]) == 0);
            virStoragePoolFree(pools[number]);
        }
    }
}

/* What a program does with volumes in their life. */
static void lives(long rounds)
{
    while (rounds--) {
        create();
        by_name(1);
        by_key(1);
        by_path(1);
        list_all(1);
        delete();
    }
}

static void prepare_names(void)
{
    prepare();
    delete();
}

const struct benchmark volume_benchmarks[] = {
    { "V create, look up, list and delete 1,000 volumes", prepare_names, lives, close_pool, 2, 1 },
    { "V create and delete 1,000 volumes", open_pool, create_delete, close_pool, 2, 1 },
    { "V look up 1,000 volumes by name", prepare, by_name, finish, 10, 1 },
    { "V look up 1,000 volumes by key", prepare, by_key, finish, 2, 1 },
    { "V look up 1,000 volumes by path", prepare, by_path, finish, 2, 1 },
    { "V list 1,000 volumes", prepare, list_all, finish, 50, 2 },
    { "V list the names of 1,000 volumes", prepare, list_names, finish, 50, 2 },
    { "V information about 1,000 volumes", prepare, information, finish, 10, 1 },
    { "V descriptions of 1,000 volumes", prepare, descriptions, finish, 10, 1 },
    { "V description of a pool", prepare, pool_description, finish, 5000, 100 },
    { "V define and undefine 100 pools", NULL, define_undefine_pools, NULL, 5, 1 },
    { NULL, NULL, NULL, NULL, 0, 0 },
};
