/** What containers use: CPU, memory, network, processes and disk. */
package dev.wherry.daemon.container.stats;
