/** Ports of the host that lead into namespaces: chooses free ones, and says who holds one that is not. */
package dev.wherry.daemon.network.port;
