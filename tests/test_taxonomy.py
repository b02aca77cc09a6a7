from tui_reader import taxonomy


def test_the_active_categories_are_all_there_without_aliases() -> None:
    assert len(taxonomy.categories()) == 149
    assert taxonomy.categories()["cs.DC"] == "Distributed, Parallel, and Cluster Computing"
    assert not {"cs.NA", "cmp-lg", "cs", "astro-ph"} & taxonomy.categories().keys()


def test_a_category_is_known_by_its_canonical_code() -> None:
    assert taxonomy.canonical("cs.DC") == "cs.DC"
    assert taxonomy.canonical("cs.SY") == "eess.SY"
    assert taxonomy.canonical("cmp-lg") == "cs.CL"
    assert taxonomy.canonical("CS.dc") == "cs.DC"
    assert taxonomy.canonical("cs.XX") == "cs.XX"


def test_names_give_codes_back() -> None:
    assert taxonomy.codes_named("Distributed, Parallel, and Cluster Computing") == ("cs.DC",)
    assert taxonomy.codes_named("Computer Science") == ("cs",)
    assert taxonomy.codes_named("Machine Learning") == ("cs.LG", "stat.ML")
    assert taxonomy.codes_named("Alchemy") == ()


def test_codes_have_names() -> None:
    assert taxonomy.name_of("cs.SY") == "Systems and Control"
    assert taxonomy.name_of("math") == "Mathematics"
    assert taxonomy.name_of("nobody.KN") == "nobody.KN"
    assert taxonomy.archives()["q-bio"] == "Quantitative Biology"
