/* Ends while callbacks are pending, threads are calling and exit handlers call once more. Must end with status 0.
 * Argument: URI to have a connection open at the end (none). */
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void quiet(void *opaque, virErrorPtr error)
{
    (void)opaque;
    (void)error;
}

static void on_timer(int timer, void *opaque)
{
    (void)opaque;
    virEventUpdateTimeout(timer, 0);
}

static void on_free(void *opaque)
{
    (void)opaque;
}

static void use_once(void)
{
    virTypedParameterPtr parameters = NULL;
    int count = 0, capacity = 0;
    virTypedParamsAddString(&parameters, &count, &capacity, "text", "value");
    virTypedParamsGetInt(parameters, count, "text", NULL);
    virTypedParamsFree(parameters, count);
    virEventRemoveTimeout(virEventAddTimeout(0, on_timer, NULL, on_free));
    virErrorPtr saved = virSaveLastError();
    virFreeError(saved);
}

static void *hammer(void *argument)
{
    (void)argument;
    for (;;)
        use_once();
    return NULL;
}

static void *run_loop(void *argument)
{
    (void)argument;
    for (;;)
        virEventRunDefaultImpl();
    return NULL;
}

static void at_exit(void)
{
    use_once();
}

__attribute__((destructor)) static void at_end(void)
{
    use_once();
}

int main(int count, char **arguments)
{
    pthread_t thread;
    alarm(20);
    atexit(at_exit);
    virInitialize();
    virSetErrorFunc(NULL, quiet);
    virEventRegisterDefaultImpl();
    for (int index = 0; index < 10; index++)
        virEventAddTimeout(index, on_timer, NULL, on_free);
    if (count > 1 && virConnectOpen(arguments[1]) == NULL)
        return 1;
    pthread_create(&thread, NULL, run_loop, NULL);
    for (int index = 0; index < 4; index++)
        pthread_create(&thread, NULL, hammer, NULL);
    usleep(5000);
    return 0;
}
