/**
 * What containers use: CPU, memory, processes and disk.
 */
package dev.wherry.daemon.container.stats;
