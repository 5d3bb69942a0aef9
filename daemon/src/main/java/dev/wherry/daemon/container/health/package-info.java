/**
 * Health checks: run the probes of containers and record the results.
 */
package dev.wherry.daemon.container.health;
