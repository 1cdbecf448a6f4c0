// SPDX-License-Identifier: Apache-2.0
package io.holdfast.it.journal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** A jar as Spring Boot packs one: its launcher, and libraries as jars in the jar. */
final class ExecutableJar {
  private ExecutableJar() {}

  /**
   * @param launcher a class of Spring Boot's loader
   * @param libraries a class of each library
   */
  static void write(Path target, Class<?> launcher, List<Class<?>> libraries) throws Exception {
    try (ZipOutputStream jar = new ZipOutputStream(Files.newOutputStream(target))) {
      try (ZipFile loader = new ZipFile(location(launcher).toFile())) {
        for (ZipEntry entry :
            loader.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
          jar.putNextEntry(new ZipEntry(entry.getName()));
          loader.getInputStream(entry).transferTo(jar);
        }
      }
      for (Class<?> library : libraries) {
        Path location = location(library);
        byte[] content =
            Files.isDirectory(location) ? packed(location) : Files.readAllBytes(location);
        ZipEntry entry = new ZipEntry("BOOT-INF/lib/" + library.getSimpleName() + ".jar");
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setCrc(crc.getValue());
        jar.putNextEntry(entry);
        jar.write(content);
      }
    }
  }

  private static Path location(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static byte[] packed(Path directory) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream jar = new ZipOutputStream(bytes);
        Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        jar.putNextEntry(new ZipEntry(directory.relativize(file).toString()));
        Files.copy(file, jar);
      }
    }
    return bytes.toByteArray();
  }
}
