/** What is counted, for Prometheus: it answers at {@code /metrics} on an address of its own, when one is configured. */
package dev.wherry.daemon.api.metrics;
