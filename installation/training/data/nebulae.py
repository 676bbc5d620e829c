"""Nebulae and galaxies out of Debian's stellarium-data, by whose they are and under which licence.

The package's CREDITS.md and its textures.json say so of every picture. Here are those that are public domain or CC BY,
512 pixels or more, and show clouds or spirals rather than single stars. The sha256 is that of the picture whose licence
was read: another picture under the same name is not taken.
"""

from __future__ import annotations

from collections.abc import Mapping

FOLDER = "usr/share/stellarium/nebulae/default"

PICTURES: Mapping[tuple[str, str], Mapping[str, str]] = {  # (author, licence) -> name -> sha256
    ("Dylan O'Donnell", "public domain"): {
        "m8": "ea503b53ff0a7ab9e6d1d03286dd7a2269557a42297606fa4e88965cc681eda4",
        "m17": "de5cffa18df58738634e97f29871223b971e9b4db6d718aea393a4cacf90db65",
        "n2264": "3c8f65d9c2256a972919508c6ef89bc210afdc978f02afbd85818bd392cfcbb1",
        "n6334": "89c370682059c117013c01909cadd17cccb029da53926f15c8ee45ec996beb7e",
        "n6357": "02fd75a8a14862b092f5ca75c954deea1ee7ee06b72893f83e2275c39a24b35b",
        "n6726": "0bbc5d2d321a8cd3a618b2b2463041735abda1f41ce224396b12f64a9b703ac6",
        "n7293": "c16dd361870467cb9af6e8e5815a1c4bde13d4b2327955205dbf6ddd2a4348da",
        "ic434": "0c419db8f01a2a3a0de3dba3cc0b0d14a819c2b1797fcb5f9a96ffa2cc813701",
        "ic2944": "f5d4040fddf7ba3d2c4e4b998f5bc5dda78aa59ca845c64b5e7e0ab6492d26b3",
        "ic4628": "e327358ac441d4193437d5b7f9e26e2f4b34d6831986636bacfbd02cf1cf3906",
    },
    ("NASA", "public domain"): {
        "n7023": "0a05716f72666eaf3e6fb90d31fdf839c553a897eb6cb58f6b9b78e455888eb9",
    },
    ("Sun Shuwei", "public domain"): {
        "n2467": "9dc0ee7a6102477f54e751f3c97b54257df726ccd80767d6ce62623511b9b23c",
        "n6590": "30866d675ac832cc47bd5c1b1e59fc9a9a3198a6365e85eb2a5660ce614f7b9d",
    },
    ("Wang Lingyi", "public domain"): {
        "sh2-264": "cf9acc3a60710a02f5f4b539d8dee8672ae80838b896662f58903c700f404486",
        "sh2-308": "00f5cdd8c4db91a796ce7071ade02818bbbc8868af8b0b7da0e51a68063b2b26",
        "ldn1622": "72da21abf98593e4183732438b95a91f960b7fc279c97c3e16dde231da8211e8",
    },
    ("Bart Delsaert", "CC BY 3.0"): {
        "m74": "3d93f6e8f5b1215871111744f2720484c45fcd686343b5d8b2dfba2ccca97a72",
        "n1788": "09ec100e37276ebd8b241338787bcea0df464b5fa199c8bc1ebf86150c5c2c9e",
        "sh2-132": "391f85895d68dd2609db8c5518782da0117e2491672ac2cbd5b4f83485211c0a",
        "ldn673": "58423a4c4884a49c13b9c5848ff86fe26db8e3cbf6af4e2948adda5c0d35b295",
    },
    ("Friendlystar", "CC BY 3.0"): {
        "barnard72": "8f7ef03e73eb176f9b02f693de53fa64a2216fb7d145db9c7e62d7f089e0420b",
    },
    ("HG731GZ", "CC BY 3.0"): {
        "m33": "72773223c6f7fae393484b5192d583f10db7c3a1f704f979e9bf06b1354ecb16",
        "m42": "dc6cca254769752fde0faaf200fd22817d6f40c5340c6ea7866714a8de785df0",
        "pleiades": "23acdce03418f08f4eb004f408272f1cbc2cc8f3fc8cedb22e32865535bb128a",
        "n253": "ace945128560b05fcd8595ad5bf018a4ce0b0470a2fa035bc211d84e0f8aee86",
        "lbn782": "60fff7c6bc1c742acd3c62c2546703f43f15433c923e3fa8e09d8665018f87cf",
    },
    ("Ivan Bok", "CC BY 3.0"): {
        "n6188": "1ae22db95ffc7f097d8cfe400e5adacf3fbaa192948a8cd4ac45c3857ab25227",
    },
    ("Jschulman555", "CC BY 3.0"): {
        "n6888": "596d63bc1c99f4444ddf01e13e85fdb8af8e66e55ce95b67ee186f9958f660c7",
        "n7129": "bace1bc57b214254942d1734ab6a7c936c0def4c04f67479f752a1dbc4e8f6a7",
        "n7497": "c39f19100bc1999fafa4b788aad4a299f79c0dd6771f20780c20f991c948f3b7",
    },
    ("LEE, HG731GZ", "CC BY 3.0"): {
        "m31": "8b301ddd1667e58980c13d288797799827f50711224b46692421de6f7f7634c4",
    },
    ("Zhao Jingna", "CC BY 3.0"): {
        "n1499": "55e8ccc033dd58587e2f9b8cd8aeff5103684d11fa203197eefaed56b5347d96",
        "ic2118-1": "5e663d4ab0d63d54c718449940dba551842d7b276f95255a54e69f730004a1b4",
    },
    ("Cristina Cellini", "CC BY 4.0"): {
        "n7380": "c5dba1600f282d5a3bcf8c37a3706e3f0a2c89ebaf7a31ed1f0be425be1963e2",
    },
    ("ESO", "CC BY 4.0"): {
        "n300": "c9dacb8ce29b954274a302026d9e477fe9ac1f3b48bf9dc753ccdb83674c8c90",
        "n2736": "3b33440fec5a3cebd42b7c8c83b8f0a6345c76f7af73f753f69218b6c164aeb0",
        "n3199": "c3827e5e79bed952162f2d464a75ff402f7de07390d220d37724c0e840eb83d3",
        "n3532": "7555dc5390dd0bbedf100fd643f5a710eaa2e2d3f22b2bee01b53ce2d89c2a04",
        "n6822": "58a2272620cfdb8d51034d0470bd9eacb16eb34840cc3c6fe2e214a1d65593ba",
        "rcw49": "ff87a7081f4e30b075612d9fdde562f2c97fb02d77440cca9f0ec72c15470e3f",
    },
    ("ESO/Digitized Sky Survey 2", "CC BY 4.0"): {
        "ic2177": "3eefd085576bca51a1cf9672f5df287ce16300297ec7511ee9218d79b328808c",
        "ic2220": "19a9b5c84f1fcfb28d038ce89fc30aa4cc5048dc4d7b9814aa5dc205cbc80ba1",
        "ic2631": "9092384b4e59d7d31dbe4a04da99b3e0beb1268547fed3faae7a97502b04d6b8",
        "rcw32": "d784d8548ae16d611c5a7d591941283f58782d872614dec46f7b3fcd5fac31c1",
        "rcw38": "ea80164a46b1b3873ad6f174b7af063c002233e99aa60d1bce2efcdb6079b7cd",
    },
    ("ESO/G. Beccari", "CC BY 4.0"): {
        "n3293": "1e5080500785af620334b0bd6d7466761c996cc54c942f35ce0f35fa83966156",
    },
    ("ESO/J.Perez", "CC BY 4.0"): {
        "velasnr": "a8cd896f7008536106c590a85550718eda2a98bde7946243c389d4616485c85e",
    },
    ("ESO/La Silla Observatory", "CC BY 4.0"): {
        "n3603": "71ca679cd107e7e57abe2e7a9c9420f30061cbf4457601a64d605500e8ad2a4e",
    },
    ("ESO/R. Gendler and Sun Shuwei", "CC BY 4.0"): {
        "lmc_02": "44d7bbad6320ea9311c176c2bee1d88c278d3d846b61ace04230b6dc6ca99de7",
        "lmc_03": "004efac8d5c749b9145cbebf0e3fd7bdcc18f1df6056daf07a83800b7a0e67fb",
        "lmc_06": "16ae19b61d7d0a306eea76c7fbe002b25d3d1a17174b4eb1eaa1336f6137a599",
        "lmc_07": "6952839c0cb16d86e5aab818735de05d55054194494a921e223a8ff5b65bcbf2",
        "lmc_08": "348da78a955de581bafed87817ed3217dfa32e23aa2c7de4b329cda3a670ee5b",
        "lmc_10": "45c520adf3ad2a93fc813a5452b451455a5f950436f5d9326e9f53b6566275b3",
        "lmc_11": "1cb8154241010da9dd3a1e4c3fe15a78464c084a83fe7a9c54c9c31e28f2d6c5",
        "lmc_12": "6ff24665cf5783997b0b333fedd4e0a918ed97304c80b0e7459166bbab8121f3",
    },
    ("ESO/S. Guisard", "CC BY 4.0"): {
        "rho-a00": "bc920063b19741dbee9d89931ea76198196c1d9ccef46182fd63114675cce2c4",
        "rho-a01": "4bfc8353b1856910fc71c0eb9d2473a05f570a1823c810501ff0b066f2ba1af1",
        "rho-a10": "6cf667c982b0c8f0d9628f8b01e7250be51a734866cbaae7ea8c3b499577a87f",
        "rho-a11": "8b98d0380a27fda0ce2454a2d202f5fbc57d7bc7df32a2562c4766be16b2e9d9",
    },
    ("TRAPPIST/E. Jehin/ESO", "CC BY 4.0"): {
        "m83": "f70e09dd2d9249ab826d19f809f75055c3f0077dc7d5097ff056e06a26f2d952",
    },
    ("Zhang Ruiping", "CC BY 4.0"): {
        "cas": "973bc82d4d3a8a01a8e8f265a367e37ff7c86a522150bf8bbdd7373a80bf6d11",
    },
    ("Giuseppe Donatiello", "CC0 1.0"): {
        "ic1396": "2a492c469609ee49a9d834884896c092c1330ba10973f7cb31cb3bb22243fbd2",
    },
}
