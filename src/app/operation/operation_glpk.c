#include "app/operation/operation_glpk.h"

#include "source/module.h"

#include <math.h>
#include <stdlib.h>

/* What GLPK's manual names its constants. */
enum { GLPK_MIN = 1, GLPK_FREE = 1, GLPK_LOW, GLPK_UP, GLPK_BOTH, GLPK_FIXED };
enum { GLPK_OPTIMAL = 5, GLPK_OFF = 0 };

/* Calls of GLPK 4.20 to 5.0 (its manual, chapters 2 and 4). */
struct operation_glpk {
    void *module;
    void *(*create_prob)(void);
    void (*delete_prob)(void *p);
    void (*set_obj_dir)(void *p, int direction);
    int (*add_rows)(void *p, int n);
    int (*add_cols)(void *p, int n);
    void (*set_row_bnds)(void *p, int i, int type, double low, double high);
    void (*set_col_bnds)(void *p, int j, int type, double low, double high);
    void (*set_obj_coef)(void *p, int j, double value);
    void (*load_matrix)(void *p, int n, const int *row, const int *column, const double *value);
    int (*simplex)(void *p, const void *options);
    int (*get_status)(void *p);
    double (*get_col_prim)(void *p, int j);
    int (*term_out)(int flag);
    int (*free_env)(void);
};

struct operation_glpk *operation_glpk_open(char *why, size_t why_size)
{
    struct operation_glpk *g = calloc(1, sizeof *g);
    if (!g) {
        return NULL;
    }
    const struct module_call calls[] = {{"glp_create_prob", &g->create_prob, false},
                                        {"glp_delete_prob", &g->delete_prob, false},
                                        {"glp_set_obj_dir", &g->set_obj_dir, false},
                                        {"glp_add_rows", &g->add_rows, false},
                                        {"glp_add_cols", &g->add_cols, false},
                                        {"glp_set_row_bnds", &g->set_row_bnds, false},
                                        {"glp_set_col_bnds", &g->set_col_bnds, false},
                                        {"glp_set_obj_coef", &g->set_obj_coef, false},
                                        {"glp_load_matrix", &g->load_matrix, false},
                                        {"glp_simplex", &g->simplex, false},
                                        {"glp_get_status", &g->get_status, false},
                                        {"glp_get_col_prim", &g->get_col_prim, false},
                                        {"glp_term_out", &g->term_out, false},
                                        {"glp_free_env", &g->free_env, false}};
    g->module = module_open("libglpk.so.40", "libglpk40", calls, sizeof calls / sizeof *calls, why,
                            why_size);
    if (!g->module) {
        free(g);
        return NULL;
    }
    g->term_out(GLPK_OFF);
    return g;
}

void operation_glpk_close(struct operation_glpk *g)
{
    if (g) {
        g->free_env(); /* what it holds for this thread */
        module_close(g->module);
        free(g);
    }
}

static void put_rows(const struct operation_glpk *g, void *lp, const struct plan_problem *p)
{
    g->add_rows(lp, (int)p->rows);
    for (size_t i = 0; i < p->rows; i++) {
        const bool low = p->low[i] > -HUGE_VAL, high = p->high[i] < HUGE_VAL;
        const bool fixed = low && high && !(p->low[i] < p->high[i]);
        g->set_row_bnds(lp, (int)i + 1,
                        fixed         ? GLPK_FIXED
                        : low && high ? GLPK_BOTH
                        : high        ? GLPK_UP
                        : low         ? GLPK_LOW
                                      : GLPK_FREE,
                        low ? p->low[i] : 0, high ? p->high[i] : 0);
    }
}

static void put_columns(const struct operation_glpk *g, void *lp, const struct plan_problem *p)
{
    g->add_cols(lp, (int)p->columns);
    for (size_t j = 0; j < p->columns; j++) {
        const bool high = p->upper[j] < HUGE_VAL;
        g->set_col_bnds(lp, (int)j + 1,
                        !high             ? GLPK_LOW
                        : p->upper[j] > 0 ? GLPK_BOTH
                                          : GLPK_FIXED,
                        0, high ? p->upper[j] : 0);
        g->set_obj_coef(lp, (int)j + 1, p->cost[j]);
    }
}

bool operation_glpk_solve(void *ctx, const struct plan_problem *p, double *x)
{
    const struct operation_glpk *g = ctx;
    void *lp = g->create_prob();
    g->set_obj_dir(lp, GLPK_MIN);
    if (p->rows) {
        put_rows(g, lp, p);
    }
    if (p->columns) {
        put_columns(g, lp, p);
    }
    g->load_matrix(lp, (int)p->cells, p->row, p->column, p->value);
    const bool solved = g->simplex(lp, NULL) == 0 && g->get_status(lp) == GLPK_OPTIMAL;
    for (size_t j = 0; j < p->columns && solved; j++) {
        x[j] = g->get_col_prim(lp, (int)j + 1);
    }
    g->delete_prob(lp);
    return solved;
}
