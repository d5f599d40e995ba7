/* A program of the user's: the message on its standard input, its id in MASAR_ID, the sentence in
   MASAR_TEXT. It has a minute. */
#define _GNU_SOURCE /* pipe2, environ */
#include "deliver/send.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SECONDS_MAX = 60, STEP_MS = 20 };

static size_t split(char *copy, char *words[SEND_WORDS_MAX + 1])
{
    size_t n = 0;
    char *save = NULL;
    for (char *w = strtok_r(copy, " ", &save); w && n < SEND_WORDS_MAX;
         w = strtok_r(NULL, " ", &save)) {
        words[n++] = w;
    }
    words[n] = NULL;
    return n;
}

/* Our environment and two more; the caller frees the list and the two. */
static char **environment(const struct message_out *m, char **id, char **text)
{
    size_t n = 0;
    while (environ[n]) {
        n++;
    }
    char **all = calloc(n + 3, sizeof *all);
    const size_t text_size = m->text.n + 16;
    *id = malloc(SEND_ID_MAX + 16);
    *text = malloc(text_size);
    if (all && *id && *text) {
        memcpy(all, environ, n * sizeof *all);
        snprintf(*id, SEND_ID_MAX + 16, "MASAR_ID=%s", m->id);
        snprintf(*text, text_size, "MASAR_TEXT=%s", (const char *)m->text.p);
        all[n] = *id;
        all[n + 1] = *text;
    }
    return all;
}

static int start(char *const words[], const struct message_out *m, pid_t *child, int *in)
{
    int ends[2];
    char *id = NULL, *text = NULL;
    posix_spawn_file_actions_t actions;
    if (pipe2(ends, O_CLOEXEC)) {
        return errno;
    }
    char **all = environment(m, &id, &text);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    const int e =
        all && id && text ? posix_spawn(child, words[0], &actions, NULL, words, all) : ENOMEM;
    posix_spawn_file_actions_destroy(&actions);
    free(all);
    free(id);
    free(text);
    close(ends[0]);
    if (e) {
        close(ends[1]);
        return e;
    }
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    *in = ends[1];
    return 0;
}

/* Writes what it takes; false: it takes no more. */
static bool feed(int in, const struct message_out *m, size_t *done)
{
    while (*done < m->body.n) {
        const ssize_t k = write(in, m->body.p + *done, m->body.n - *done);
        if (k < 0) {
            return errno == EAGAIN || errno == EINTR;
        }
        *done += (size_t)k;
    }
    return false;
}

static bool wait_for(struct sender *s, pid_t child, int in, const struct message_out *m, char *why,
                     size_t why_size)
{
    size_t done = 0;
    bool open = true;
    int status = 0;
    for (int i = 0; i < SECONDS_MAX * 1000 / STEP_MS; i++) {
        if (open && !feed(in, m, &done)) {
            close(in);
            open = false;
        }
        const pid_t ended = waitpid(child, &status, WNOHANG);
        if (ended == child) {
            if (open) {
                close(in);
            }
            snprintf(why, why_size, "ended with status %d",
                     WIFEXITED(status) ? WEXITSTATUS(status) : -1);
            return WIFEXITED(status) && WEXITSTATUS(status) == 0;
        }
        if (*s->stop) {
            break;
        }
        poll(NULL, 0, STEP_MS);
    }
    if (open) {
        close(in);
    }
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    snprintf(why, why_size, "it did not end within %d s", SECONDS_MAX);
    return false;
}

bool send_command(struct sender *s, const struct message_out *m, char *why, size_t why_size)
{
    char *copy = strdup(s->target), *words[SEND_WORDS_MAX + 1];
    pid_t child = 0;
    int in = -1;
    bool taken = false;
    if (copy && split(copy, words) > 0) {
        const int e = start(words, m, &child, &in);
        if (e) {
            snprintf(why, why_size, "'%s': %s", words[0], strerror(e));
        } else {
            taken = wait_for(s, child, in, m, why, why_size);
        }
    } else {
        snprintf(why, why_size, "no program");
    }
    free(copy);
    return taken;
}
