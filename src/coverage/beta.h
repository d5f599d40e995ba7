/* The Beta distribution, for intervals of shares. Pure. */
#ifndef MASAR_COVERAGE_BETA_H
#define MASAR_COVERAGE_BETA_H

/* Probability that a share with this distribution is below x. a, b > 0, x in [0, 1]. */
double beta_below(double a, double b, double x);

/* The x that beta_below gives q for, within 1e-6. */
double beta_quantile(double a, double b, double q);

#endif
