/**
 * Control groups of version 1 and 2: which group a container gets, its limits, its usage, and the freezer.
 */
package dev.wherry.daemon.runtime.cgroup;
