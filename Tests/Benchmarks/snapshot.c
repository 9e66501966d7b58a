/* Part F: snapshots. */
#include "cases.h"

#include <stdio.h>
#include <stdlib.h>

static virDomainSnapshotPtr chain[100];
static int length;

static void create(int number)
{
    char text[128];
    snprintf(text, sizeof text, "<domainsnapshot><name>s%d</name></domainsnapshot>", number);
    chain[number] = virDomainSnapshotCreateXML(domain, text, 0);
    REQUIRE(chain[number]);
}

static void make_chain(void)
{
    for (length = 0; length < 100; length++)
        create(length);
}

static void remove_chain(void)
{
    while (length > 0) {
        length--;
        REQUIRE(virDomainSnapshotDelete(chain[length], 0) == 0);
        virDomainSnapshotFree(chain[length]);
    }
}

static void create_delete(long rounds)
{
    while (rounds--) {
        make_chain();
        remove_chain();
    }
}

static void create_delete_branches(long rounds)
{
    while (rounds--) {
        for (length = 0; length < 100; length++) {
            if (length % 10 == 9)
                REQUIRE(virDomainRevertToSnapshot(chain[0], 0) == 0);
            create(length);
        }
        remove_chain();
    }
}

static void list_all(long rounds)
{
    while (rounds--) {
        virDomainSnapshotPtr *all;
        int count = virDomainListAllSnapshots(domain, &all, 0);
        REQUIRE(count == length);
        for (int i = 0; i < count; i++)
            virDomainSnapshotFree(all[i]);
        free(all);
    }
}

static void description(long rounds)
{
    while (rounds--) {
        char *text = virDomainSnapshotGetXMLDesc(chain[0], 0);
        REQUIRE(text);
        free(text);
    }
}

const struct benchmark snapshot_benchmarks[] = {
    { "F create and delete a chain of 100 snapshots", NULL, create_delete, NULL, 2, 1 },
    { "F create and delete 100 snapshots in branches", NULL, create_delete_branches, NULL, 2, 1 },
    { "F list 100 snapshots", make_chain, list_all, remove_chain, 500, 20 },
    { "F description of a snapshot", make_chain, description, remove_chain, 5000, 100 },
    { NULL, NULL, NULL, NULL, 0, 0 },
};
