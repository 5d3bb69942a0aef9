/**
 * Ports of the host that lead into namespaces: chooses free ones, says who holds one that is not, and passes connections
 * on where the firewall cannot.
 */
package dev.wherry.daemon.network.port;
