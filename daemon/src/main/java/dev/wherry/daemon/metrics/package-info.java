/**
 * What the daemon counts: a closed list of metrics, and the one place where code at any depth reports to. Nothing is kept
 * here; without a receiver, a report costs a read of one field.
 */
package dev.wherry.daemon.metrics;
