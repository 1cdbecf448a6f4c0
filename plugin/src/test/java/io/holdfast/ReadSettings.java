// SPDX-License-Identifier: Apache-2.0
package io.holdfast;

import com.typesafe.config.Config;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.TreeSet;

/** Hands out the configuration, and remembers the full path of everything that is read. */
final class ReadSettings {
  private final Set<String> paths = new TreeSet<>();
  private final Config root;

  ReadSettings(Config root) {
    this.root = recording(root, "");
  }

  Config root() {
    return root;
  }

  /** The paths that were read: of values, and of sections that were taken as a whole. */
  Set<String> paths() {
    return paths;
  }

  private Config recording(Config config, String prefix) {
    return (Config)
        Proxy.newProxyInstance(
            Config.class.getClassLoader(),
            new Class<?>[] {Config.class},
            (proxy, method, arguments) -> {
              String path =
                  arguments != null && arguments.length > 0 && arguments[0] instanceof String key
                      ? prefix + key
                      : prefix;
              try {
                Object result = method.invoke(config, arguments);
                if (method.getName().equals("getConfig")) {
                  return recording((Config) result, path + ".");
                }
                if (!method.getName().equals("hasPath")) {
                  paths.add(path);
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
