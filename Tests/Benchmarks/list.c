/* Part E: many domains. */
#include "cases.h"

#include <stdlib.h>

static int made;

static void define_many(int count)
{
    for (made = 0; made < count; made++) {
        virDomainPtr one = virDomainDefineXML(connection, guest(minimal_guest, made));
        REQUIRE(one);
        virDomainFree(one);
    }
}

static void define_thousand(void) { define_many(1000); }
static void define_ten_thousand(void) { define_many(10000); }

static void undefine_many(void)
{
    virDomainPtr *all;
    int count = virConnectListAllDomains(connection, &all, VIR_CONNECT_LIST_DOMAINS_INACTIVE);
    REQUIRE(count == made);
    for (int i = 0; i < count; i++) {
        REQUIRE(virDomainUndefine(all[i]) == 0);
        virDomainFree(all[i]);
    }
    free(all);
    made = 0;
}

static void list_all(long rounds)
{
    while (rounds--) {
        virDomainPtr *all;
        int count = virConnectListAllDomains(connection, &all, 0);
        REQUIRE(count == made + 1);
        for (int i = 0; i < count; i++)
            virDomainFree(all[i]);
        free(all);
    }
}

static void count_all(long rounds)
{
    while (rounds--)
        REQUIRE(virConnectListAllDomains(connection, NULL, 0) == made + 1);
}

static void names(long rounds)
{
    char **list = calloc((size_t)made, sizeof *list);
    while (rounds--) {
        int count = virConnectListDefinedDomains(connection, list, made);
        REQUIRE(count == made);
        for (int i = 0; i < count; i++)
            free(list[i]);
    }
    free(list);
}

static void lookup_among(long rounds)
{
    while (rounds--) {
        virDomainPtr found = virDomainLookupByName(connection, "small-500");
        REQUIRE(found);
        virDomainFree(found);
    }
}

static void statistics_of(unsigned int groups, long rounds)
{
    while (rounds--) {
        virDomainStatsRecordPtr *records;
        int count = virConnectGetAllDomainStats(connection, groups, &records, 0);
        REQUIRE(count == made + 1);
        virDomainStatsRecordListFree(records);
    }
}

static void statistics(long rounds) { statistics_of(VIR_DOMAIN_STATS_STATE, rounds); }
static void all_statistics(long rounds) { statistics_of(0, rounds); }

const struct benchmark list_benchmarks[] = {
    { "E list all domains, 1", NULL, list_all, NULL, 20000, 500 },
    { "E list all domains, 1000", define_thousand, list_all, undefine_many, 50, 5 },
    { "E list all domains, 10000", define_ten_thousand, list_all, undefine_many, 5, 2 },
    { "E count all domains, 1000", define_thousand, count_all, undefine_many, 200, 10 },
    { "E names of defined domains, 1000", define_thousand, names, undefine_many, 100, 5 },
    { "E lookup among 10000", define_ten_thousand, lookup_among, undefine_many, 20000, 500 },
    { "E statistics of all domains, 1000", define_thousand, statistics, undefine_many, 20, 3 },
    { "E statistics of all domains, 1000, all groups", define_thousand, all_statistics, undefine_many, 20, 3 },
    { NULL, NULL, NULL, NULL, 0, 0 },
};
