const unlived = /(?:桌|工位|座位?|办公室|会议室|教室|病房|柜子?|架上?|箱|文件夹|盘|云上?|服务器|平台|仓库)(?:了|里|上)*$/;
const floor = /(?:[一二三四五六七八九十\d]+|顶|底)[楼层]$/;
const company = /[和跟与同][^，]{1,8}?(?:住|合租|同居|一起)|合租|独居|(?:一个人|自己|独自)住|住在一起|住一起/;
const building = /(?:房子?|公寓|宿舍|别墅|平房|单间|小院|一居室|[一二两三]居|loft|酒店|旅馆|民宿)/;
/** 住在上海的公寓 names the town as well. */
const placed = /[住租]在?(?![带有老大小很新旧自父爸朋学公一租亲])[^带有，的]{2,6}(?:的|租)/;

/**
 * The frame of a clause about a home: `home` where it names a place, `floor`, or `dwelling` for with whom or in what
 * one lives, which moving to another town does not answer; undefined where no one lives there.
 */
export function homeFrame(clause: string): 'home' | 'floor' | 'dwelling' | undefined {
  const text = (clause.split(/[，,]/, 1)[0] ?? '').replace(/[了里。]+$/, '');
  if (unlived.test(text)) return undefined;
  if (company.test(text)) return 'dwelling';
  if (floor.test(text)) return 'floor';
  return building.test(text) && !placed.test(text) ? 'dwelling' : 'home';
}
