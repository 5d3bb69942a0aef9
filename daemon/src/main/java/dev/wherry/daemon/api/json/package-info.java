/**
 * Docker's JSON: containers, images, execs and events as docker's API writes them, with its names, in its order and units.
 * Every protocol that hands out such a text takes it from here.
 */
package dev.wherry.daemon.api.json;
