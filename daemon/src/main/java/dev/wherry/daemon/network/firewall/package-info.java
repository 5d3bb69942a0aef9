/**
 * Rules of the host's firewall, in one table of nftables that belongs to the daemon: ports that lead into namespaces,
 * the host's address for what leaves a network, and what separates networks from each other. The table follows from what
 * the daemon knows, and is written as a whole in one transaction of the kernel; rules of others are never touched.
 */
package dev.wherry.daemon.network.firewall;
