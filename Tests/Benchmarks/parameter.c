/* Part F: typed parameters. */
#include "cases.h"

#include <stdio.h>

static virTypedParameterPtr list;
static int count, most;

static void add_eight(long rounds)
{
    while (rounds--) {
        virTypedParameterPtr params = NULL;
        int nparams = 0, maxparams = 0;
        virTypedParamsAddInt(&params, &nparams, &maxparams, "first", 1);
        virTypedParamsAddUInt(&params, &nparams, &maxparams, "second", 2);
        virTypedParamsAddLLong(&params, &nparams, &maxparams, "third", 3);
        virTypedParamsAddULLong(&params, &nparams, &maxparams, "fourth", 4);
        virTypedParamsAddDouble(&params, &nparams, &maxparams, "fifth", 5);
        virTypedParamsAddBoolean(&params, &nparams, &maxparams, "sixth", 1);
        virTypedParamsAddString(&params, &nparams, &maxparams, "seventh", "seven");
        virTypedParamsAddInt(&params, &nparams, &maxparams, "eighth", 8);
        REQUIRE(nparams == 8);
        virTypedParamsFree(params, nparams);
    }
}

static void make_twenty(void)
{
    for (int i = 0; i < 20; i++) {
        char name[32];
        snprintf(name, sizeof name, "parameter.%d", i);
        REQUIRE(virTypedParamsAddInt(&list, &count, &most, name, i) == 0);
    }
}

static void free_twenty(void)
{
    virTypedParamsFree(list, count);
    list = NULL;
    count = most = 0;
}

static void get_last(long rounds)
{
    int value;
    while (rounds--)
        REQUIRE(virTypedParamsGetInt(list, count, "parameter.19", &value) == 1);
}

const struct benchmark parameter_benchmarks[] = {
    { "F add 8 typed parameters and free", NULL, add_eight, NULL, 20000, 500 },
    { "F get the 20th typed parameter", make_twenty, get_last, free_twenty, 100000, 1000 },
    { NULL, NULL, NULL, NULL, 0, 0 },
};
