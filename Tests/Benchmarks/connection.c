/* Part B: connections. */
#include "cases.h"

#include <stdlib.h>

static void open_shared(long rounds)
{
    while (rounds--) {
        virConnectPtr other = virConnectOpen("test:///default");
        REQUIRE(other);
        virConnectClose(other);
    }
}

static void reference(long rounds)
{
    while (rounds--) {
        virConnectRef(connection);
        virConnectClose(connection);
    }
}

static void is_alive(long rounds)
{
    while (rounds--)
        REQUIRE(virConnectIsAlive(connection) == 1);
}

static void type(long rounds)
{
    while (rounds--)
        REQUIRE(virConnectGetType(connection));
}

static void capabilities(long rounds)
{
    while (rounds--) {
        char *text = virConnectGetCapabilities(connection);
        REQUIRE(text);
        free(text);
    }
}

static void node_information(long rounds)
{
    virNodeInfo information;
    while (rounds--)
        REQUIRE(virNodeGetInfo(connection, &information) == 0);
}

const struct benchmark connection_benchmarks[] = {
    { "B open and close, shared", NULL, open_shared, NULL, 2000, 200 },
    { "B reference and close", NULL, reference, NULL, 100000, 1000 },
    { "B is alive", NULL, is_alive, NULL, 100000, 1000 },
    { "B type", NULL, type, NULL, 100000, 1000 },
    { "B capabilities", NULL, capabilities, NULL, 2000, 100 },
    { "B node information", NULL, node_information, NULL, 100000, 1000 },
    { NULL, NULL, NULL, NULL, 0, 0 },
};
