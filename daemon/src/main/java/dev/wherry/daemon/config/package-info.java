/**
 * The daemon's configuration: its keys, and where their values come from. A flag wins over the environment, the
 * environment over the file, the file over the default. Values are checked text, so that a mistake is reported
 * with its place before anything starts.
 */
package dev.wherry.daemon.config;
