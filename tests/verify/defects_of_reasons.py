"""Defects of reasons: what is lost, rivals, what keeps sites out, what hangs on stations."""

from shapely.geometry import Point
from tampering import both, figure, place, sql
from toy_city import at

REASONS = "UPDATE site_reasons SET "
SITES = "UPDATE candidate_sites SET reason = "
AT_TW2 = " WHERE site_id = 't-tw2' AND energy = 'charging'"
AT_32 = " WHERE site_id = 'j-32' AND energy = 'charging'"


def said(old, new, more=""):
    """Return an edit that says something else in the reasons, in either language."""
    return sql(REASONS + "reason = replace(reason, ?, ?)" + more, old, new)


DEFECTS_OF_REASONS = [
    # V68: what is lost, rivals, replacement
    ("more lost than is", sql(REASONS + "lost_per_day = lost_per_day + 1" + AT_TW2), "V68"),
    ("nothing said to be lost", sql(REASONS + "lost_per_day = NULL" + AT_TW2), "V68"),
    ("lost where nothing stands", sql(
        REASONS + "lost_per_day = 0 WHERE site_id = 'j-22' AND energy = 'charging'"), "V68"),
    ("a rival that reaches nothing", sql(REASONS + "rival_site_id = 'c1'" + AT_32), "V68"),
    ("a rival that stands", sql(REASONS + "rival_site_id = 't-tw2'" + AT_32), "V68"),
    ("rival kept silent", sql(
        REASONS + "rival_site_id = NULL, replacement_cny = NULL" + AT_32), "V68"),
    ("a dearer replacement", sql(
        REASONS + "replacement_cny = replacement_cny + 1 WHERE site_id = 'x-old3'"), "V68"),
    ("a price without power", sql(
        REASONS + "replacement_cny = 1 WHERE site_id = 'x-old2'"), "V68"),
    ("a price without a rival", sql(REASONS + "replacement_cny = 1" + AT_TW2), "V68"),
    # V69: candidate sites
    ("a zone far away", sql(
        SITES + "replace(reason, 'z2', 'z4') WHERE site_id = 'j-04'"), "V69"),
    ("a zone of another kind", sql(
        SITES + "'inside exclusion zone z3 / 位于禁设区 z3 内' WHERE site_id = 'j-22'"), "V69"),
    ("a reason of its own", sql(SITES + "'ugly / 难看' WHERE site_id = 'j-04'"), "V69"),
    ("another reason in Chinese", sql(
        SITES + "replace(reason, '禁设区', '保护区') WHERE site_id = 'j-04'"), "V69"),
    ("hydrogen kept out by no zone", sql(
        SITES + "replace(reason, 'z3', 'z1') WHERE site_id = 'j-22'"), "V69"),
    ("hydrogen kept out and allowed", sql(
        "UPDATE candidate_sites SET energies = 'charging,hydrogen' WHERE site_id = 'j-22'"), "V69"),
    ("city centre in the country", sql(
        SITES + "'no hydrogen: city centre / 不得加氢:城市中心区' WHERE site_id = 'c1'"), "V69"),
    ("refused by nobody", sql("DELETE FROM reviews WHERE mark = 'ban'"), "V69"),
    ("refused for another energy", sql(
        "UPDATE reviews SET energy = 'hydrogen' WHERE mark = 'ban'"), "V69"),
    ("refused, yet allowed", sql(
        "UPDATE candidate_sites SET energies = 'charging,swap' WHERE site_id = 'j-22'"), "V69"),
    ("refused in review as a whole", sql(
        SITES + "'refused in review / 评审未通过' WHERE site_id = 'j-04'"), "V69"),
    ("no road, beside one", sql(
        SITES + "'no road within 3000 m / 3000 m 内无可用道路' WHERE site_id = 'j-04'"), "V69"),
    ("outside every county, in one", sql(
        SITES + "'outside every county / 位于各区县之外' WHERE site_id = 'j-04'"), "V69"),
    ("gives way to a site far away", sql(
        SITES + "'too near to site t-tw2 (700 m) / 距站址 t-tw2 过近(700 m)'"
        " WHERE site_id = 'j-04'"), "V69"),
    ("gives way to a site that is far enough", sql(
        SITES + "'too near to site t-tw2 (1485 m) / 距站址 t-tw2 过近(1485 m)'"
        " WHERE site_id = 'j-04'"), "V69"),
    ("gives way to nobody", sql(
        SITES + "'too near to site j-99 (9 m) / 距站址 j-99 过近(9 m)' WHERE site_id = 'j-04'"),
     "V69"),
    ("gives way to an existing station", both(
        place("candidate_sites", "site_id = 'j-04'", Point(at(1.05, 1))),
        sql(SITES + "'too near to site x-old1 (0 m) / 距站址 x-old1 过近(0 m)'"
            " WHERE site_id = 'j-04'")), "V69"),
    ("a township site gives way to a junction", both(
        place("candidate_sites", "site_id = 'j-04'", Point(at(2, 2))),
        sql("UPDATE candidate_sites SET origin = 'township', reason ="
            " 'too near to site j-22 (0 m) / 距站址 j-22 过近(0 m)' WHERE site_id = 'j-04'")),
     "V69"),
    # V70: sites without a station
    ("no reason for an energy offered", sql("DELETE FROM site_reasons WHERE site_id = 'j-22'"),
     "V70"),
    ("a reason for an energy that is not offered", sql(
        REASONS + "energy = 'hydrogen' WHERE site_id = 'j-22'"), "V70"),
    ("words that no rule has", sql(REASONS + "reason = 'no / 否' WHERE site_id = 'j-22'"), "V70"),
    ("served by another station", said("x-old3", "j-32", " WHERE site_id = 'j-22'"), "V70"),
    ("served by nobody in particular", both(
        said(", mostly from x-old3", "", " WHERE site_id = 'j-22'"),
        said("，主要由 x-old3", "", " WHERE site_id = 'j-22'")), "V70"),
    ("demand that is still unserved", sql(
        REASONS + "reason = 'all demand within its reach is served by other stations, mostly from"
        " x-old3 / 可达需求已由其他站点全部服务，主要由 x-old3'"
        " WHERE site_id = 'c1' AND energy = 'charging'"), "V70"),
    ("more power left", both(said("leaves 55", "leaves 65"), said("剩余 55", "剩余 65")), "V70"),
    ("a larger smallest station", both(said("draws 228", "draws 328"), said("需 228", "需 328")),
     "V70"),
    ("two figures in two languages", said("剩余 55", "剩余 56"), "V70"),
    ("power said to lack, not money", sql(
        REASONS + "reason = 'too little public money: the cheapest station costs 0.57 M yuan,"
        " 0.04 M yuan is left / 公共资金不足：最便宜方案需 57 万元，剩余 4 万元'"
        " WHERE site_id = 'c1' AND energy = 'charging'"), "V70"),
    ("no rule and nobody", sql(
        REASONS + "reason = 'no demand within its service radius, and no rule that it could answer"
        " / 服务半径内无需求，也不涉及任何规则' WHERE site_id = 'j-22'"), "V70"),
    # V71: what hangs on stations
    ("another action", said("an existing station, kept", "built", " WHERE site_id = 'x-old2'"),
     "V71"),
    ("two actions in two languages", said("现有站，保留", "新建", " WHERE site_id = 'x-old2'"),
     "V71"),
    ("a lock that nobody set", both(
        said("built,", "built, a review asks for it,", AT_TW2),
        said("新建，", "新建，评审要求建站，", AT_TW2)), "V71"),
    ("a lock left out", both(
        said("built, a review asks for it,", "built,", AT_32),
        said("新建，评审要求建站，", "新建，", AT_32)), "V71"),
    ("more lost in words", both(said("1,578 kWh", "1,678 kWh", AT_TW2),
                                said("1,578 千", "1,678 千", AT_TW2)), "V71"),
    ("lost in another county", said("西县", "东县", AT_TW2), "V71"),
    ("two townships", both(said("1 township would", "2 townships would", AT_TW2),
                           said("1 个乡镇", "2 个乡镇", AT_TW2)), "V71"),
    ("townships left out", both(
        said(", 1 township would be short without it", "", AT_32),
        said("，缺少本站将有 1 个乡镇不达标", "", AT_32)), "V71"),
    ("more motorway", both(said("2.9 km", "3.1 km"), said("2.9 公里", "3.1 公里")), "V71"),
    ("motorway left out", both(
        said(", 2.9 km of motorway would be short without it", ""),
        said("，缺少本站高速公路将有 2.9 公里不达标", "")), "V71"),
    ("more trips", both(said("150 trips", "160 trips"), said("150 车次", "160 车次")), "V71"),
    ("trips left out", both(
        said(", 150 trips a day could not refuel without it", ""),
        said("，缺少本站每日 150 车次无法补能", "")), "V71"),
    ("a share of its own", both(
        said("takes 5.2", "takes 6.2"), said("分担每日 5.2", "分担每日 6.2")), "V71"),
    ("needless", sql(
        REASONS + "reason = 'an existing station, kept, nothing hangs on it alone"
        " / 现有站，保留，无其他站点无法替代的作用' WHERE site_id = 'x-old2'"), "V71"),
    # V72: counties beyond the worst
    ("served from outside", figure(
        "siting", "worst_county", "elsewhere", "served_share", value=lambda share: share + 0.01),
     "V72"),
    ("helped by more stations", figure(
        "siting", "worst_county", "elsewhere", "n_stations", value=lambda n: n + 1), "V72"),
    ("money of other counties", figure(
        "siting", "worst_county", "elsewhere", "capital_cny", value=lambda cny: cny + 1), "V72"),
    ("a next county where none is settled", figure(
        "siting", "goals", 2, "name", value="next_county_share"), "V72"),
    ("a share of counties that are not next", figure("siting", "goals", value=lambda rows: [
        *rows[:3], rows[2] | {"name": "next_county_share", "objective": 0.47, "bound": 0.47},
        *rows[3:]]), "V72"),
]  # fmt: skip
