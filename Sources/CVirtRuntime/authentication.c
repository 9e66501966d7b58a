/* The default way to ask a user for credentials: on the terminal. */
#include "virt-runtime.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Reads one line of any length without its end; NULL at the end of input. The caller frees it. */
static char *read_line(bool visible)
{
    struct termios before, silent;
    bool changed = !visible && tcgetattr(STDIN_FILENO, &before) == 0;
    if (changed) {
        silent = before;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        changed = tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
    }
    char *line = NULL;
    size_t size = 0;
    ssize_t length = getline(&line, &size, stdin);
    if (changed) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        putchar('\n');
    }
    if (length < 0) {
        free(line);
        return NULL;
    }
    line[strcspn(line, "\n")] = '\0';
    return line;
}

/* Answers one question; at the end of input with the default, if there is one. False for what a terminal cannot answer. */
static bool ask(virConnectCredentialPtr credential)
{
    bool visible = credential->type != VIR_CRED_PASSPHRASE && credential->type != VIR_CRED_NOECHOPROMPT;
    if (credential->type == VIR_CRED_EXTERNAL)
        return false;
    printf("%s: ", credential->prompt != NULL ? credential->prompt : "answer");
    fflush(stdout);
    char *answer = read_line(visible);
    if ((answer == NULL || *answer == '\0') && credential->defresult != NULL) {
        free(answer);
        answer = strdup(credential->defresult);
    }
    credential->result = answer;
    credential->resultlen = answer != NULL ? (unsigned)strlen(answer) : 0;
    return true;
}

static int ask_all(virConnectCredentialPtr credentials, unsigned int count, void *opaque)
{
    (void)opaque;
    for (unsigned index = 0; index < count; index++)
        if (!ask(&credentials[index]))
            return -1;
    return 0;
}

static int kinds[] = { VIR_CRED_AUTHNAME,     VIR_CRED_ECHOPROMPT, VIR_CRED_REALM,
                       VIR_CRED_PASSPHRASE,   VIR_CRED_NOECHOPROMPT, VIR_CRED_EXTERNAL };

extern virConnectAuth virt_data_virConnectAuthPtrDefault;
virConnectAuth virt_data_virConnectAuthPtrDefault = { kinds, sizeof kinds / sizeof *kinds, ask_all, NULL };
