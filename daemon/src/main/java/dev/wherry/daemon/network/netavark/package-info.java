/**
 * Runs netavark, which makes and removes the links of network namespaces: bridges, pairs of virtual interfaces, macvlan
 * and ipvlan interfaces, their addresses and routes. Rules of the firewall and names are not left to it.
 */
package dev.wherry.daemon.network.netavark;
