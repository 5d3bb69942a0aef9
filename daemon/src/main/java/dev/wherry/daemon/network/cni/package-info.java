/**
 * CNI, by which clusters connect pods: a folder with a configuration, which other programs install there, and plugins that
 * run for each pod. {@link dev.wherry.daemon.network.cni.Cni} connects a network namespace and disconnects it again, after
 * the specification 1.1 and all before.
 */
package dev.wherry.daemon.network.cni;
